using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class PipelineTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    private static readonly ImageClassificationTrainer.Options Options = new()
    {
        Arch = "lenet-5",
        Epoch = 8,
        BatchSize = 20,
        LearningRate = 0.003,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        ValidationSetFraction = 0.1,
    };

    [Fact]
    public void A_model_is_fitted_evaluated_saved_loaded_and_predicts_as_in_ML_NET()
    {
        var context = new MLContext(seed: 1);
        var train = context.Data.LoadFromEnumerable(Rows(data.Dataset.Train));
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(context.MulticlassClassification.Trainers.ImageClassification(Options))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedName", "PredictedLabel"));
        var model = pipeline.Fit(train);
        var test = context.Data.LoadFromEnumerable(Rows(data.Dataset.Test!));
        var metrics = context.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.InRange(metrics.MicroAccuracy, 0.6, 1);

        using var folder = new TemporaryFolder();
        context.Model.Save(model, train.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.Equal(train.Schema.Select(column => column.Name), schema!.Select(column => column.Name));
        var again = context.MulticlassClassification.Evaluate(loaded.Transform(test));
        Assert.Equal(metrics.ConfusionMatrix.Counts, again.ConfusionMatrix.Counts);

        using var engine = context.Model.CreatePredictionEngine<Garment, Guess>(loaded);
        var guess = engine.Predict(new Garment { Image = data.Dataset.Test!.Image(0) });
        Assert.Contains(guess.PredictedName, data.Dataset.ClassNames);
        Assert.Equal(1, guess.Score!.Sum(), 1e-4);
    }

    [Fact]
    public void Scores_carry_their_labels_as_slot_names()
    {
        var context = new MLContext(seed: 1);
        using var model = context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1 }).Fit(new ImageDataView(data.Dataset.Train));
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        model.Transform(new ImageDataView(data.Dataset.Test!)).Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(data.Dataset.ClassNames, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void All_settings_that_are_wrong_are_named_at_once()
    {
        var wrong = Options with { Arch = "lenet-6", BatchSize = 0, LearningRate = -1, Optimizer = new OptimizerSettings { Momentum = 2 } };
        var problems = Assert.Throws<ConfigurationException>(() => new MLContext().MulticlassClassification.Trainers.ImageClassification(wrong)).Problems;
        Assert.Contains(problems, problem => problem.Contains("'lenet-6'", StringComparison.Ordinal) && problem.Contains("lenet-5", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("batchSize is 0", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("learningRate is -1", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("optimizer.momentum is 2", StringComparison.Ordinal));
    }

    private static IEnumerable<Garment> Rows(ImageSet images) => Enumerable.Range(0, images.Count)
        .Select(i => new Garment { Image = images.Image(i), Name = images.ClassNames[images.Labels[i]] });

    private sealed class Garment
    {
        [ImageType]
        public MLImage? Image { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class Guess
    {
        public string PredictedName { get; set; } = "";

        public float[]? Score { get; set; }
    }
}
