using System.Text.Json.Nodes;

using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class BatchNormStatisticsTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    private const int Batches = 3, BatchSize = 5, Channels = 2, Filters = 4;

    [Fact]
    public void They_are_what_PyTorch_measures_with_dropout_off_and_leave_momentum_and_frozen_layers_alone()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var norm = BatchNorm2d(Filters, momentum: 0.01);
        using var frozen = BatchNorm2d(Filters);
        using var conv = Conv2d(Channels, Filters, 3);
        using var point = Conv2d(Filters, Filters, 1);
        using var last = BatchNorm2d(Filters);
        using var network = Sequential(conv, norm, Dropout(0.5), ReLU(), point, last, frozen);
        network.train();
        frozen.eval();
        var images = rand([(Batches * BatchSize) + 2, Channels, 6, 6]);
        new BatchNormStatistics(network, images: int.MaxValue, Precision.Float32).Measure(new Given(images), EpochOrder.InOrder((int)images.shape[0]), BatchSize);

        var expected = PythonOracle.Run(
            """
            import torch
            from torch.optim.swa_utils import update_bn
            nn = torch.nn
            network = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4, momentum=0.01), nn.Dropout(0), nn.ReLU(), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
            with torch.no_grad():
                for parameter, value in zip((network[0].weight, network[0].bias, network[4].weight, network[4].bias), inputs['weights']):
                    parameter.copy_(torch.tensor(value))
            update_bn(torch.tensor(inputs['images']).split(5)[:3], network)
            outputs = {'mean': network[1].running_mean, 'variance': network[1].running_var, 'last': network[5].running_var}
            """,
            new()
            {
                ["images"] = PythonOracle.Array(images.ToArray<float>(), images.shape),
                ["weights"] = new JsonArray([.. new[] { conv, point }.SelectMany(layer => layer.parameters())
                    .Select(weights => PythonOracle.Array(weights.ToArray<float>(), weights.shape))]),
            });

        void Same(string name, Tensor? ours) =>
            Assert.Equal(PythonOracle.Floats(expected[name]), ours!.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);

        Same("mean", norm.running_mean);
        Same("variance", norm.running_var);
        Same("last", last.running_var);
        Assert.Equal(0.01, norm.momentum);
        Assert.All(frozen.running_mean!.ToArray<float>(), mean => Assert.Equal(0, mean));
    }

    // Keras's momentum of 0.99 forgets an untrained network's statistics only after some hundred steps; these are six.
    [Fact]
    public void Measured_a_short_training_is_judged_by_what_it_has_learnt()
    {
        var train = data.Dataset.Train.Subset([.. Enumerable.Range(0, 150)]);
        var validation = data.Dataset.Test!.Subset([.. Enumerable.Range(0, 100)]);
        var options = new ImageClassificationTrainer.Options
        {
            Arch = "resnet-18-keras",
            Epoch = 2,
            BatchSize = 50,
            LearningRate = 1e-3,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        };
        using var lagging = NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None);
        using var measured = NetworkTrainer.Train(options with { BatchNormImages = 100 }, train, validation, SilentMonitor.Instance, CancellationToken.None);
        Assert.Equal(lagging.History.Epochs[0].TrainLoss, measured.History.Epochs[0].TrainLoss);
        Assert.Equal(lagging.History.Epochs[1].TrainLoss, measured.History.Epochs[1].TrainLoss);
        Assert.InRange(measured.History.Epochs[1].ValidationAccuracy!.Value, lagging.History.Epochs[1].ValidationAccuracy!.Value + 0.2, 1);
    }

    private sealed class Given(Tensor images) : IBatches
    {
        public int Count => (int)images.shape[0];

        public Tensor BeginEpoch(long seed) => EpochOrder.Shuffled(Count, seed);

        public Tensor InOrder() => EpochOrder.InOrder(Count);

        public LabelledBatch Take(Tensor order, int start, int count)
        {
            var labels = zeros([count], ScalarType.Int64);
            return new(images.index_select(0, order.narrow(0, start, count)), labels, labels);
        }

        public void Dispose()
        {
        }
    }
}
