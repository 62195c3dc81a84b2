using MLNetCnn.Architectures;
using MLNetCnn.Evaluation;
using MLNetCnn.Runs;
using MLNetCnn.Studies;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Reports;

/// <summary>A study as a real one leaves it: ten runs with histories and confusion matrices, one failed, one not run, one stopped.</summary>
internal static class SampleStudy
{
    private static readonly string[] Classes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // What each class is mistaken for, in falling order.
    private static readonly int[][] Confusions =
        [[6, 3, 2], [3, 0, 4], [4, 6, 0], [6, 0, 4], [2, 6, 3], [7, 9, 8], [0, 2, 4], [9, 5, 8], [6, 0, 5], [7, 5, 8]];

    public static StudyRecord Create() => new()
    {
        Name = "fashion-mnist-cnns",
        Title = "Small convolutional networks on Fashion-MNIST",
        Description = "Eight small networks trained for ten epochs with SGD at learning rate 0.05 and batch size 500, to see what convolutions, dropout, separable and transposed convolutions bring on 28 × 28 grey pictures of clothes.",
        Profile = "quick",
        ProfileNote = "Trained on 12,000 of the 60,000 images for 6 of 10 epochs, so figures below the published ones are expected; the full profile repeats the publication.",
        Runs =
        [
            Run("convNN_1", 0.8391, 0.8426, 542_230, 11.2),
            Run("convNN_2", 0.8402, 0.8444, 542_230, 11.9),
            Run("convNN_3", 0.8312, 0.8393, 279_126, 15.4),
            Run("convNN_3a", 0.8455, 0.8511, 279_126, 16.0) with
            {
                Seeds = [new(0, RunStatus.Completed, 0.871, 0.839, 0.835), new(1, RunStatus.Completed, 0.884, 0.8505, 0.849), new(2, RunStatus.Failed, null, null, null)],
            },
            Run("convNN_4", 0.8539, 0.8522, 3_163_426, 22.7),
            Run("convNN_6", 0.8498, 0.8526, 541_983, 12.8),
            Run("convNN_7", 0.3921, 0.3764, 1_995, 6.1) with
            {
                Reason = "One depthwise convolution of the whole picture leaves a single number, so the network cannot tell ten classes apart: it fails by design.",
            },
            Run("convNN_8", 0.8641, 0.8603, 721_430, 38.4) with { Status = RunStatus.Cancelled },
            Run("mlp_grid", 0.8712, 0.9209, 898_510, 95.0) with
            {
                Published = new(0.9209, null, null, null, "Published on the training images, so ours is compared on those too."),
            },
            Run("resnet_adam", 0.10, null, 2_777_674, 31.0) with
            {
                Status = RunStatus.Failed,
                Reason = "The loss became NaN in epoch 2 of 6: lower the learning rate (1) or clip the gradients.",
                Test = null,
                Validation = null,
                Train = null,
                ModelFile = null,
                ModelBytes = 0,
                Latency = null,
                History = new(
                    [new(1, 2.61, 0.11, 2.58, 0.10, 1, 15.1), new(2, double.NaN, 0.10, double.NaN, 0.10, 1, 15.2)],
                    [new(2, TrainingEventKind.Diverged, "The loss became NaN.")],
                    0),
            },
            NotRun("vgg16_features"),
        ],
    };

    public static RunRecord Run(string name, double validation, double? published, long parameters, double epochSeconds)
    {
        var random = new Random(name.Length * 7919 + (int)parameters % 1000);
        var epochs = Epochs(random, validation, epochSeconds);
        return WithAnswers(random, new()
        {
            Name = name,
            Architecture = name.Split('_')[0].ToLowerInvariant() + "-small",
            Description = "Convolution, pool, dense layers; pixels divided by 255.",
            Status = RunStatus.Completed,
            Dataset = Dataset,
            Seed = 42,
            Settings = new Dictionary<string, string>
            {
                ["batch size"] = "500",
                ["epochs"] = "6",
                ["loss"] = "cross-entropy",
                ["optimizer"] = "SGD",
                ["learning rate"] = "0.05",
                ["augmentation"] = "none",
                ["dropout"] = name.EndsWith('a') ? "0.1" : name.EndsWith('2') ? "0.15" : "none",
                ["network"] = name,
            },
            ParameterCount = parameters,
            TrainableParameterCount = parameters,
            Layers = Layers(parameters),
            History = new(
                epochs,
                [
                    new(4, TrainingEventKind.LearningRateReduced, "Learning rate 0.05 → 0.01 after 2 epochs without a better validation accuracy."),
                    new(6, TrainingEventKind.BestRestored, "The weights of epoch 5 were put back."),
                ],
                5),
            Train = Figures(random, validation + 0.031, 12_000),
            Validation = Figures(random, validation, 3_000),
            Test = Figures(random, validation - 0.004, 10_000),
            Published = new(null, null, published, parameters, null),
            Seconds = (epochSeconds * 6) + 4.2,
            TrainSeconds = epochSeconds * 6,
            EvaluateSeconds = 3.1,
            PeakMemoryBytes = 612_000_000,
            ModelFile = "model.zip",
            ModelBytes = (parameters * 8) + 41_000,
            Latency = new(0.05 + (parameters / 1e6), 0.08 + (parameters / 7e5)),
            Mistakes = [.. Enumerable.Range(0, 18).Select(i => Mistake(random, i))],
            Provenance = Provenance(name),
        });
    }

    // Answers, image by image, whose confusion matrix is that of the test figures.
    private static RunRecord WithAnswers(Random random, RunRecord run)
    {
        var labels = run.Test!.ConfusionMatrix.SelectMany((row, truth) => Enumerable.Repeat(truth, row.Sum())).ToArray();
        var named = run.Test.ConfusionMatrix.SelectMany(row =>
        {
            var answers = row.SelectMany((count, label) => Enumerable.Repeat(label, count)).ToArray();
            random.Shuffle(answers);
            return answers;
        }).ToArray();
        var probabilities = new float[labels.Length * Classes.Length];
        for (var image = 0; image < labels.Length; image++)
        {
            var sure = (named[image] == labels[image] ? 0.5f : 0.3f) + (0.49f * random.NextSingle());
            probabilities.AsSpan(image * Classes.Length, Classes.Length).Fill((1 - sure) / (Classes.Length - 1));
            probabilities[(image * Classes.Length) + named[image]] = sure;
        }

        var wrong = Enumerable.Range(0, labels.Length).Where(image => named[image] != labels[image]).Take(40);
        var answers = Answers.Of(labels, probabilities, Classes.Length);
        return run with
        {
            Answers = answers,
            Coverage = CoverageCurve.Measure(answers, probabilities, Classes.Length),
            Confused = [.. wrong.Select(image => new ExampleImage(TestPicture.Png(28, image), Classes[labels[image]], Classes[named[image]], 0.5) { Index = image })],
        };
    }

    public static RunRecord NotRun(string name) => new()
    {
        Name = name,
        Architecture = "vgg16",
        Status = RunStatus.NotRun,
        Reason = "The ImageNet weights of VGG16 are not here: put vgg16.safetensors in a mirror folder and name it with --mirror.",
        Dataset = Dataset,
        Seed = 42,
        Settings = new Dictionary<string, string> { ["optimizer"] = "Adam", ["epochs"] = "10" },
        Published = new(null, 0.7211, null, 14_714_688, "Pixels were divided by 255 and then preprocessed again, a mistake that the study keeps."),
        Provenance = Provenance(name),
    };

    public static DatasetSummary Dataset { get; } = new()
    {
        Name = "fashion-mnist",
        Description = "Pictures of clothes from an online shop, grey, 28 × 28 pixels, in ten classes.",
        Licence = "MIT",
        Citation = "Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms, 2017.",
        Classes = Classes,
        Height = 28,
        Width = 28,
        Channels = 1,
        TrainCounts = [.. Classes.Select((_, i) => 1_200 - (i * 13))],
        ValidationCounts = [.. Classes.Select(_ => 300)],
        TestCounts = [.. Classes.Select(_ => 1_000)],
        Fingerprint = "9f2c7be1d04a5583c6a97fbb20c1e55de0a27d31a1b8cf8e7b6d20f7b1a3c4d5",
        Samples = [.. Classes.SelectMany((label, i) => Enumerable.Range(0, 5).Select(j =>
            new ExampleImage(TestPicture.Png(28, (i * 31) + j), label)))],
    };

    /// <summary>Figures that agree with each other, from a confusion matrix of the wanted accuracy.</summary>
    public static ClassificationSummary Figures(Random random, double accuracy, int count)
    {
        var perClass = count / Classes.Length;
        var matrix = new int[Classes.Length][];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = new int[Classes.Length];
            var right = Math.Clamp((int)(perClass * (accuracy + ((random.NextDouble() - 0.6) * 0.1))), 0, perClass);
            var wrong = perClass - right;
            matrix[i][i] = right;
            matrix[i][Confusions[i][0]] += wrong / 2;
            matrix[i][Confusions[i][1]] += wrong / 3;
            matrix[i][Confusions[i][2]] += wrong - (wrong / 2) - (wrong / 3);
        }

        var diagonal = Enumerable.Range(0, matrix.Length).Select(i => matrix[i][i]).ToArray();
        var recall = diagonal.Select(right => (double)right / perClass).ToArray();
        var precision = diagonal.Select((right, i) => (double)right / Math.Max(1, matrix.Sum(row => row[i]))).ToArray();
        var micro = diagonal.Sum() / (double)(perClass * Classes.Length);
        return new(
            perClass * Classes.Length, micro, recall.Average(), -Math.Log(micro) * 2.4, 1 - ((1 - micro) * 1.2),
            precision.Zip(recall, (p, r) => p + r == 0 ? 0 : 2 * p * r / (p + r)).Average(),
            5, Math.Min(1, micro + 0.12), precision, recall, matrix);
    }

    private static EpochRecord[] Epochs(Random random, double validation, double seconds) =>
    [
        .. Enumerable.Range(1, 6).Select(epoch =>
        {
            var progress = 1 - Math.Exp(-0.75 * epoch);
            var reached = 0.1 + ((validation - 0.1) * progress) + ((random.NextDouble() - 0.5) * 0.012);
            return new EpochRecord(
                epoch, 2.3 - (1.85 * progress * (validation + 0.1)), reached + (0.012 * (epoch - 2)),
                2.25 - (1.75 * progress * validation) + ((random.NextDouble() - 0.5) * 0.03), reached,
                epoch < 4 ? 0.05 : 0.01, seconds + random.NextDouble());
        }),
    ];

    private static LayerSummary[] Layers(long parameters) =>
    [
        new("conv", "Conv2d", [32, 26, 26], 320),
        new("act1", "ReLU", [32, 26, 26], 0),
        new("pool", "MaxPool2d", [32, 13, 13], 0),
        new("drop", "Dropout", [32, 13, 13], 0),
        new("flatten", "Flatten", [5408], 0),
        new("fc1", "Linear", [100], Math.Max(0, parameters - 1_330)),
        new("act2", "ReLU", [100], 0),
        new("fc2", "Linear", [10], 1_010),
    ];

    private static ExampleImage Mistake(Random random, int i)
    {
        var truth = random.Next(Classes.Length);
        return new(
            TestPicture.Png(28, (truth * 31) + i), Classes[truth], Classes[Confusions[truth][i % 3]], 0.9999 - (i * 0.0061), TestPicture.Png(28, 1_000 + i));
    }

    private static Provenance Provenance(string name) => new(
        new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero),
        $"mlnetcnn study fashion-mnist-cnns --profile quick --only {name} --seed 42",
        "0.1.0+477f486",
        "2 × x86-64 cores at 2.9 GHz, 8 GB",
        "cpu",
        2,
        new Dictionary<string, string>
        {
            [".NET"] = "10.0.4",
            ["libtorch"] = "1.13.1",
            ["OpenCV"] = "4.6.0",
            ["ONNX Runtime"] = "1.21.1",
        });
}
