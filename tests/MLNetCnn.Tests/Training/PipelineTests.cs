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
    public void A_view_is_scored_in_batches_and_every_row_gets_what_it_gets_alone()
    {
        var context = new MLContext(seed: 1);
        using var model = context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1 }).Fit(new ImageDataView(data.Dataset.Train));
        var view = new ImageDataView(data.Dataset.Test!);
        var scored = model.Transform(view);

        foreach (var random in new[] { null, new Random(5) })
        {
            using var cursor = scored.GetRowCursor(scored.Schema, random);
            var (image, score) = (cursor.GetGetter<MLImage>(scored.Schema["Image"]), cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
            var (pixels, scores) = (default(MLImage), default(VBuffer<float>));
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
            {
                image(ref pixels!);
                score(ref scores);
                Assert.All(model.Model.Predict(pixels).Score.ToArray().Zip(scores.DenseValues()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            }

            Assert.Equal(view.GetRowCount(), rows);
        }
    }

    [Fact]
    public void Only_rows_whose_scores_are_asked_for_are_read_and_a_bad_image_fails_in_its_own_row()
    {
        const int Bad = 40;
        var context = new MLContext(seed: 1);
        using var model = context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1 }).Fit(new ImageDataView(data.Dataset.Train));
        var read = 0;
        byte[] File(int row)
        {
            read++;
            return row == Bad ? [1, 2, 3] : data.Dataset.Test!.Image(row).EncodePng();
        }

        var scored = model.Transform(context.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(row => new Photo(() => File(row)))));
        using var cursor = scored.GetRowCursor([scored.Schema["PredictedLabel"]]);
        var label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        var value = 0u;
        Assert.True(cursor.MoveNext() && cursor.MoveNext());
        Assert.Equal(0, read);
        label(ref value);
        label(ref value);
        Assert.Equal(1, read);
        while (cursor.MoveNext())
        {
            if (cursor.Position == Bad)
            {
                Assert.Throws<ImageFormatException>(() => label(ref value));
            }
            else
            {
                label(ref value);
                Assert.Equal((uint)model.Model.Predict(data.Dataset.Test!.Image((int)cursor.Position)).LabelIndex + 1, value);
            }
        }

        Assert.Equal(99, read);
    }

    [Fact]
    public void Encoded_images_are_brought_to_size_once_and_what_cannot_be_read_is_left_out_and_named()
    {
        const int Count = 40;
        int[] bad = [3, 17];
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        var log = new List<string>();
        context.Log += (_, line) => log.AddRange(line.Kind == ChannelMessageKind.Warning ? [line.RawMessage] : []);
        var read = 0;
        LabelledPhoto At(int row) => new(data.Dataset.Train.ClassNames[data.Dataset.Train.Labels[row]], () =>
        {
            read++;
            return bad.Contains(row) ? [1, 2, 3] : data.Dataset.Train.Image(row).EncodePng();
        });

        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(At));
        var keyed = context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
        var trainer = context.MulticlassClassification.Trainers.ImageClassification(
            Options with { Epoch = 1, ImageHeight = 28, ImageWidth = 28, Sources = new SourceOptions { CacheFolder = folder.Path } });
        using var first = trainer.Fit(keyed);
        Assert.Equal(2 * Count, read);
        using var second = trainer.Fit(keyed);
        Assert.Equal(3 * Count, read);

        Assert.Equal(bad.Select(row => $"row {row}"), log.Take(2).Select(line => line.Split(':')[0]));
        Assert.Equal(log.Take(2), first.History.Events.Where(happened => happened.Kind == TrainingEventKind.Warning).Select(happened => happened.Detail));
        var image = data.Dataset.Test!.Image(0);
        Assert.Equal(first.Model.Predict(image.EncodePng()).Score.ToArray(), second.Model.Predict(image.EncodePng()).Score.ToArray());

        var single = Directory.GetFiles(folder.Path, "images.pixels", SearchOption.AllDirectories).Single();
        Assert.Equal((Count - bad.Length) * 28 * 28 * 3, new FileInfo(single).Length);
    }

    [Fact]
    public void Images_of_several_sizes_need_one_to_be_brought_to()
    {
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(row => new LabelledPhoto(
            row % 2 == 0 ? "even" : "odd", () => data.Dataset.Train.Image(row).Resize(28, row == 11 ? 30 : 28).EncodePng())));
        var keyed = context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
        var problem = Assert.Throws<ConfigurationException>(() => context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1 }).Fit(keyed));
        Assert.StartsWith("row 11 has an image of 28x30, the first one is 28x28", problem.Problems.Single(), StringComparison.Ordinal);
        context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1, ImageHeight = 28, ImageWidth = 28 }).Fit(keyed).Dispose();
    }

    [Fact]
    public void Classes_may_be_numbers()
    {
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(row => new Numbered { Image = data.Dataset.Train.Image(row), ClassId = row % 2 == 0 ? 7 : -30 }));
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", nameof(Numbered.ClassId))
            .Append(context.MulticlassClassification.Trainers.ImageClassification(Options with { Epoch = 1 }));
        using var model = pipeline.Fit(rows);
        Assert.Equal(["7", "-30"], model.LastTransformer!.Model.Labels);
        Assert.Equal(40, context.MulticlassClassification.Evaluate(model.Transform(rows)).ConfusionMatrix.Counts.Sum(counts => counts.Sum()));
    }

    [Theory]
    [InlineData(FineTuning.Partial)]
    [InlineData(FineTuning.Full)]
    public void Settings_for_fine_tuning_are_sound_and_those_of_other_modes_are_none(FineTuning mode)
    {
        var options = ImageClassificationTrainer.Options.ForFineTuning(mode);
        Assert.Empty(options.Problems());
        Assert.Equal((mode, 1e-4, OptimizerKind.AdamW), (options.FineTuning, options.LearningRate, options.Optimizer.Kind));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageClassificationTrainer.Options.ForFineTuning(FineTuning.Frozen));
    }

    [Fact]
    public void All_settings_that_are_wrong_are_named_at_once()
    {
        var wrong = Options with { Arch = "lenet-6", BatchSize = 0, LearningRate = -1, Loss = LossKind.Poisson, ClassWeights = ClassWeights.Balanced, Optimizer = new OptimizerSettings { Kind = OptimizerKind.RmsProp, Momentum = 2, Nesterov = true, Epsilon = double.PositiveInfinity } };
        var problems = Assert.Throws<ConfigurationException>(() => new MLContext().MulticlassClassification.Trainers.ImageClassification(wrong)).Problems;
        Assert.Contains(problems, problem => problem.Contains("'lenet-6'", StringComparison.Ordinal) && problem.Contains("lenet-5", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("batchSize is 0", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("learningRate is -1", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("optimizer.momentum is 2", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("classWeights is balanced, which loss poisson does not take", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("optimizer.nesterov is on with RmsProp", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("optimizer.epsilon is Infinity", StringComparison.Ordinal));

        var architecture = Options with { Arch = "alexnet", ArchSettings = new(new() { ["dropout"] = 2, ["width"] = 3 }), ImageHeight = 28, ImageWidth = 28 };
        Assert.Equal(
            ["images are 28×28×3: alexnet takes at least 63×63 pixels", "alexnet's setting dropout is 2: it takes a number from 0 to 0.99", "alexnet has no setting 'width': it takes dropout, hidden"],
            architecture.Problems());
        Assert.Equal(["device is null: leave it out for the default", "optimizer is null: leave it out for the default"], (Options with { Optimizer = null!, Device = null! }).Problems());
    }

    private static IEnumerable<Garment> Rows(ImageSet images) => Enumerable.Range(0, images.Count)
        .Select(i => new Garment { Image = images.Image(i), Name = images.ClassNames[images.Labels[i]] });

    private sealed class Photo(Func<byte[]> file)
    {
        public byte[] Image => file();
    }

    private sealed class LabelledPhoto(string name, Func<byte[]> file)
    {
        public string Name => name;

        public byte[] Image => file();
    }

    private sealed class Numbered
    {
        [ImageType]
        public MLImage? Image { get; set; }

        public int ClassId { get; set; }
    }

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
