using MLNetCnn.Data;

namespace MLNetCnn.Tests.Training;

/// <summary>A little of the real Fashion-MNIST, loaded once for all tests of training.</summary>
public sealed class FashionMnist : IDisposable
{
    public ImageDataset Dataset { get; } = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 60, TestImagesPerClass = 30 });

    public void Dispose() => Dataset.Dispose();
}
