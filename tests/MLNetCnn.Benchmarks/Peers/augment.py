"""CIFAR-sized batches of 128, augmented image by image with torchvision: images per second. Arguments: threads, then pil or tensor, then DataLoader workers."""
import sys
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

threads, kind, workers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
count, batch = 128 * 20, 128
pixels = torch.randint(0, 256, (count, 32, 32, 3), dtype=torch.uint8)
stored = pixels.permute(0, 3, 1, 2).contiguous() if kind == "tensor" else pixels.numpy()
change = transforms.Compose([
    transforms.RandomCrop(32, padding=4),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.4, 0.4, 0.4, 0.1),
    transforms.ConvertImageDtype(torch.float32) if kind == "tensor" else transforms.ToTensor(),
    transforms.Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
])


class Images(Dataset):
    def __len__(self):
        return count

    def __getitem__(self, index):
        image = stored[index] if kind == "tensor" else Image.fromarray(stored[index])
        return change(image), index % 20


loader = DataLoader(Images(), batch, shuffle=True, num_workers=workers, persistent_workers=workers > 0)
best = 0.0
for _ in range(3):
    started = time.perf_counter()
    for images, labels in loader:
        pass
    best = max(best, count / (time.perf_counter() - started))
print(best)
