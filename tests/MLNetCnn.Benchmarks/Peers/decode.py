"""Images per second of a DataLoader over an ImageFolder: Pillow, resized to 224x224, two workers. Best of several epochs."""
import sys
import time

import torch
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, PILToTensor, Resize

threads, folder, rounds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
if threads:
    torch.set_num_threads(threads)
data = ImageFolder(folder, Compose([Resize((224, 224)), PILToTensor()]))
loader = torch.utils.data.DataLoader(data, batch_size=50, num_workers=2, persistent_workers=True)
best = 0.0
for _ in range(rounds + 1):  # The first epoch starts the workers.
    start, seen = time.perf_counter(), 0
    for images, _labels in loader:
        seen += len(images)
    best = max(best, seen / (time.perf_counter() - start))
print(best)
