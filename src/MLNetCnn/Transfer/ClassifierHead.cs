using MLNetCnn.Training;
using MLNetCnn.Weights;

namespace MLNetCnn.Transfer;

/// <summary>The head of a <see cref="TransferNetwork"/>: feature maps <c>[N, C, h, w]</c> to logits <c>[N, classes]</c>, in two steps.</summary>
internal sealed class ClassifierHead : Module<Tensor, Tensor>
{
    private readonly HeadSettings _settings;
    private readonly Sequential _pool;
    private readonly Sequential _classifier;
    private readonly Linear _output;

    // Where its weights began, if that is more than chance.
    private Tensor? _origin;

    /// <param name="settings">Its layers.</param>
    /// <param name="features">The feature maps of one image: <c>[C, h, w]</c>.</param>
    /// <param name="classes">The number of classes.</param>
    public ClassifierHead(HeadSettings settings, IReadOnlyList<long> features, int classes)
        : base("ClassifierHead")
    {
        _settings = settings;
        _pool = PoolOf(settings.Pooling);
        PooledWidth = settings.Pooling == FeaturePooling.Flatten ? features.Aggregate((a, b) => a * b) : features[0];
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        var width = PooledWidth;
        if (settings.Normalize)
        {
            layers.Add(("length", new EqualLength()));
        }

        if (settings.BatchNorm)
        {
            layers.Add(("norm", BatchNorm1d(width, eps: 1e-3, momentum: 0.01)));
        }

        foreach (var (index, units) in settings.Hidden.Index())
        {
            layers.Add(($"dense{index + 1}", Linear(width, units)));
            layers.Add(($"activation{index + 1}", ReLU()));
            width = units;
        }

        if (settings.Dropout > 0)
        {
            layers.Add(("dropout", Dropout(settings.Dropout)));
        }

        _output = Linear(width, classes);
        layers.Add(("output", _output));
        _classifier = Sequential(layers);
        register_module("pool", _pool);
        register_module("classifier", _classifier);
        Architectures.Initializers.Apply(this, Architectures.Initializers.Default);
    }

    /// <summary>The numbers that pooling leaves of one image.</summary>
    public long PooledWidth { get; }

    /// <summary>The number of its weights.</summary>
    public long Weights => _classifier.parameters().Sum(parameter => parameter.numel());

    /// <summary>The first step: <c>[N, <see cref="PooledWidth"/>]</c> of feature maps.</summary>
    public static Sequential PoolOf(FeaturePooling pooling) => pooling switch
    {
        FeaturePooling.Average => Sequential(AdaptiveAvgPool2d(1), Flatten()),
        FeaturePooling.Max => Sequential(AdaptiveMaxPool2d(1), Flatten()),
        _ => Sequential(Flatten()),
    };

    /// <summary>The second step: logits of what <see cref="PoolOf"/> gave.</summary>
    public Tensor Classify(Tensor pooled) => _classifier.call(pooled);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Classify(_pool.call(input)));
    }

    /// <summary>Lets classes that another classifier knows begin as it knows them.</summary>
    /// <param name="classifier">The other classifier's last layer: on the same features.</param>
    /// <param name="rows">Where each class is among its own; -1 for one that it does not know.</param>
    /// <exception cref="ConfigurationException">It takes other features.</exception>
    public void Begin(ClassifierLayer classifier, IReadOnlyList<int> rows)
    {
        if (classifier.Features != PooledWidth)
        {
            throw new ConfigurationException($"transfer.head.knownClasses: the weights' classifier takes {classifier.Features} features, the head {PooledWidth}: leave it out for this backbone");
        }

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        ClassRows.Copy(tensor(classifier.Weights, [classifier.Biases.Length, PooledWidth]), _output.weight, rows);
        ClassRows.Copy(tensor(classifier.Biases, [classifier.Biases.Length]), _output.bias!, rows);
        KeepNear();
    }

    /// <summary>Lets penalties count from where the weights are now.</summary>
    public void KeepNear()
    {
        _origin = _output.weight.detach().clone().DetachFromDisposeScope();
        register_buffer("origin", _origin, persistent: false);
    }

    /// <summary>What the weights' size adds to the loss; null for nothing.</summary>
    public WeightPenalty? Penalty => _settings is { L1: 0, L2: 0 }
        ? null
        : new WeightPenalty(
            [.. _classifier.parameters().Where(parameter => parameter.dim() == 2)], _settings.L1, _settings.L2, _origin is null ? null : [_origin]);

    /// <summary>Brings every row of <c>[N, features]</c> to the same length.</summary>
    private sealed class EqualLength() : Module<Tensor, Tensor>("EqualLength")
    {
        // Of the order of what pooled features have by nature, so that learning rates keep their meaning.
        private const double Length = 10;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var length = input.mul(input).sum(1, keepdim: true).add(1e-12).sqrt();
            return scope.MoveToOuter(input.div(length).mul(Length));
        }
    }
}
