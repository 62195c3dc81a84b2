"""Features of images per second in eager mode, batch 32: arguments are threads, network, size, and a path to write it to as ONNX instead."""
import sys
import time

import torch
import torchvision

threads, name, size = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
build = {"resnet-50": torchvision.models.resnet50, "mobilenet-v2": torchvision.models.mobilenet_v2,
         "inception-v3": lambda: torchvision.models.inception_v3(init_weights=False, aux_logits=False)}[name]
network = build().eval()
if len(sys.argv) > 4:
    example = torch.randn(1, 3, 299 if name == "inception-v3" else 224, 299 if name == "inception-v3" else 224)
    torch.onnx.export(network, example, sys.argv[4], input_names=["images"], output_names=["logits"],
                      dynamic_axes={"images": {0: "N"}, "logits": {0: "N"}}, opset_version=14)
    print(0)
    sys.exit()
images = torch.randn(32, 3, size, size)
with torch.no_grad():
    network(images)
    started = time.perf_counter()
    batches = 0
    while time.perf_counter() - started < 4:
        network(images)
        batches += 1
print(32 * batches / (time.perf_counter() - started))
