#!/usr/bin/python3
"""Records recorded-trials.tsv: real trainings, on which pruners are judged without training anything.

Each line is one configuration of a perceptron, drawn at random, trained for 16 epochs on 3 000 images of Fashion-MNIST (Debian's
dataset-fashion-mnist), with its accuracy on 2 000 others after every epoch and its seconds per epoch. Run it beside the table:
./record_trials.py > recorded-trials.tsv
"""
import gzip
import math
import random
import time

import numpy as np
import torch
from torch import nn

DATA = '/usr/share/datasets/fashion-mnist'
EPOCHS, CONFIGURATIONS = 16, 240


def load(name, offset, shape):
    with gzip.open(f'{DATA}/{name}.gz') as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset).reshape(shape)


def log_uniform(low, high):
    return math.exp(random.uniform(math.log(low), math.log(high)))


def configuration():
    return {
        'optimizer': random.choice(['sgd', 'adam']),
        'learningRate': log_uniform(1e-4, 1),
        'units': round(log_uniform(16, 256)),
        'layers': random.randint(1, 3),
        'dropout': random.uniform(0, 0.6),
        'weightDecay': log_uniform(1e-6, 1e-2),
        'batchSize': random.choice([32, 64, 128]),
    }


def network(settings):
    layers, width = [], 784
    for _ in range(settings['layers']):
        layers += [nn.Linear(width, settings['units']), nn.ReLU(), nn.Dropout(settings['dropout'])]
        width = settings['units']
    return nn.Sequential(*layers, nn.Linear(width, 10))


def train(settings, images, labels, held_images, held_labels):
    net = network(settings)
    kind = torch.optim.SGD if settings['optimizer'] == 'sgd' else torch.optim.Adam
    optimizer = kind(net.parameters(), lr=settings['learningRate'], weight_decay=settings['weightDecay'])
    accuracies, start = [], time.process_time()
    for _ in range(EPOCHS):
        net.train()
        for batch in torch.randperm(len(images)).split(settings['batchSize']):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(images[batch]), labels[batch]).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            accuracies.append((net(held_images).argmax(1) == held_labels).float().mean().item())
    return accuracies, (time.process_time() - start) / EPOCHS


def main():
    random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images = torch.tensor(load('train-images-idx3-ubyte', 16, (-1, 784))[:5000] / 255, dtype=torch.float32)
    labels = torch.tensor(load('train-labels-idx1-ubyte', 8, (-1,))[:5000].astype(np.int64))
    for trial in range(CONFIGURATIONS):
        settings = configuration()
        accuracies, seconds = train(settings, images[:3000], labels[:3000], images[3000:], labels[3000:])
        if trial == 0:
            print(*settings, 'secondsPerEpoch', *(f'accuracy{epoch + 1}' for epoch in range(EPOCHS)), sep='\t')
        values = [f'{value:.4g}' if isinstance(value, float) else value for value in settings.values()]
        print(*values, f'{seconds:.4f}', *(f'{accuracy:.4f}' for accuracy in accuracies), sep='\t', flush=True)


main()
