using Microsoft.ML;
using Microsoft.ML.Data;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML.Tests;

/// <summary>A little of the real Fashion-MNIST as views of ML.NET's, and a classifier that ML.NET's own pipeline trained on it.</summary>
public sealed class Garments : IDisposable
{
    public const int Seed = 3;

    private readonly ImageDataset _dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 60, TestImagesPerClass = 30 });

    public Garments()
    {
        Train = Context.Data.LoadFromEnumerable(Photos(_dataset.Train));
        TestPhotos = [.. Photos(_dataset.Test!)];
        Test = Context.Data.LoadFromEnumerable(TestPhotos);
        Trained = Pipeline().Fit(Train);
        Classifier = Trained.OfType<ImageClassificationModel>().Single();
    }

    public static ImageClassificationTrainer.Options Options { get; } = new()
    {
        Arch = "lenet-5",
        Epoch = 8,
        BatchSize = 20,
        LearningRate = 0.003,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        Seed = Seed,
    };

    public MLContext Context { get; } = new(Seed);

    public IDataView Train { get; }

    public IDataView Test { get; }

    public IReadOnlyList<Photo> TestPhotos { get; }

    public TransformerChain<ITransformer> Trained { get; }

    public ImageClassificationModel Classifier { get; }

    public IReadOnlyList<string> ClassNames => _dataset.ClassNames;

    /// <summary>Labels to keys, the classifier, keys to labels.</summary>
    public EstimatorChain<ITransformer> Pipeline() => Context.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Name))
        .Append(Context.MulticlassClassification.Trainers.ImageClassification(Options))
        .Append<ITransformer>(Context.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));

    public void Dispose()
    {
        Classifier.Dispose();
        _dataset.Dispose();
    }

    private static IEnumerable<Photo> Photos(ImageSet images) => Enumerable.Range(0, images.Count)
        .Select(index => new Photo { Image = images.Image(index).EncodePng(), Name = images.ClassNames[images.Labels[index]] });
}

public sealed class Photo
{
    public byte[] Image { get; set; } = [];

    public string Name { get; set; } = "";
}

public sealed class Guess
{
    public string Name { get; set; } = "";

    public string PredictedName { get; set; } = "";

    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
