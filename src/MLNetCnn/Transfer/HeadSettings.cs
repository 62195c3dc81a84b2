using static System.FormattableString;

namespace MLNetCnn.Transfer;

/// <summary>What a head makes of feature maps <c>[N, C, h, w]</c> before its dense layers.</summary>
public enum FeaturePooling
{
    /// <summary>Each channel's mean: <c>[N, C]</c>.</summary>
    Average,

    /// <summary>Each channel's largest value: <c>[N, C]</c>.</summary>
    Max,

    /// <summary>All values side by side: <c>[N, C · h · w]</c>.</summary>
    Flatten,
}

/// <summary>The classifier that is put on a pretrained backbone: pooling, dense layers with ReLU, and one of the classes.</summary>
public sealed record HeadSettings
{
    /// <summary>What is made of the feature maps.</summary>
    /// <value><see cref="FeaturePooling.Average"/>.</value>
    public FeaturePooling Pooling { get; init; }

    /// <summary>The units of each dense layer before the last, 1 to 100 000 each.</summary>
    /// <value>None.</value>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>
    /// Whether every image's pooled features are brought to the same Euclidean length, so that bright or busy images do not count for more.
    /// </summary>
    /// <value>true.</value>
    public bool Normalize { get; init; } = true;

    /// <summary>Whether the pooled features are batch-normalised (Ioffe and Szegedy 2015), with Keras's constants.</summary>
    /// <value>false.</value>
    public bool BatchNorm { get; init; }

    /// <summary>The share of the inputs of the last layer that training drops (Srivastava et al. 2014), in [0, 1).</summary>
    /// <value>0.</value>
    public double Dropout { get; init; }

    /// <summary>The weight of the sum of the absolute dense weights in the loss, 0 or more.</summary>
    /// <value>0.</value>
    public double L1 { get; init; }

    /// <summary>The weight of the sum of the squared dense weights in the loss, 0 or more.</summary>
    /// <value>0.002.</value>
    public double L2 { get; init; } = 0.002;

    /// <summary>
    /// Whether classes that the weights' own classifier has, by name, begin as it knows them, breeds of dogs from ImageNet's for example;
    /// <see cref="L1"/> and <see cref="L2"/> count from there. It takes a plain head: averages, no hidden layer, no BatchNorm.
    /// </summary>
    /// <value>false.</value>
    public bool KnownClasses { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (KnownClasses && (Pooling != FeaturePooling.Average || Hidden is { Count: > 0 } || BatchNorm))
        {
            yield return "transfer.head.knownClasses takes the weights' own classifier over, which has averages and no other layers: leave transfer.head's pooling, hidden and batchNorm out, or knownClasses";
        }

        if (Hidden is null)
        {
            yield return "transfer.head.hidden is null: leave it out, or give [] for none";
        }

        foreach (var (index, units) in (Hidden ?? []).Index())
        {
            if (units is < 1 or > 100_000)
            {
                yield return Invariant($"transfer.head.hidden[{index}] is {units}: a dense layer has 1 to 100000 units");
            }
        }

        if (Dropout is not (>= 0 and < 1))
        {
            yield return Invariant($"transfer.head.dropout is {Dropout}: give a value in [0, 1)");
        }

        foreach (var (name, value) in new[] { ("l1", L1), ("l2", L2) })
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                yield return Invariant($"transfer.head.{name} is {value}: give 0 or more, such as 1e-5");
            }
        }
    }
}
