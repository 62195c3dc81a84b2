"""Training images per second at 32x32: arguments are threads, network (resnet-18 or vgg-16-bn), precision (float32 or bfloat16)."""
import sys
import time

import torch
import torchvision
from torch import nn

threads, name, precision = int(sys.argv[1]), sys.argv[2], sys.argv[3]
if threads:
    torch.set_num_threads(threads)
torch.manual_seed(0)
batch, steps = 64, 8
if name == "resnet-18":
    network = torchvision.models.resnet18(num_classes=10)
    network.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    network.maxpool = nn.Identity()
else:
    network = torchvision.models.vgg16_bn(num_classes=10)
network = network.to(memory_format=torch.channels_last)
images = torch.rand(batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (batch,))
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)


def step():
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        loss = nn.functional.cross_entropy(network(images).float(), labels)
    loss.backward()
    optimizer.step()


step()
step()
started = time.perf_counter()
for _ in range(steps):
    step()
print(batch * steps / (time.perf_counter() - started))
