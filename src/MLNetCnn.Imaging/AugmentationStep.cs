namespace MLNetCnn.Imaging;

/// <summary>What may happen to every image of a batch.</summary>
/// <param name="Kind">The change.</param>
/// <param name="Probability">How probable it is, in [0, 1].</param>
/// <param name="Values">Its ranges, as <see cref="AugmentationKind"/> lists them; at most 6.</param>
public sealed record AugmentationStep(AugmentationKind Kind, double Probability, params IReadOnlyList<double> Values)
{
    /// <summary>What is seen where a moved image has no pixels.</summary>
    /// <value><see cref="FillMode.Reflect"/>.</value>
    public FillMode FillMode { get; init; }

    /// <summary>The value of <see cref="FillMode.Constant"/>, in [0, 1].</summary>
    /// <value>0, black.</value>
    public double FillValue { get; init; }

    /// <summary>How moved pixels are found.</summary>
    /// <value><see cref="Interpolation.Bilinear"/>.</value>
    public Interpolation Interpolation { get; init; }
}

/// <summary>What was drawn for one image.</summary>
/// <param name="Kind">The change.</param>
/// <param name="Values">Its values, as <see cref="AugmentationKind"/> lists them; 6, the rest 0.</param>
public sealed record AugmentationOperation(AugmentationKind Kind, IReadOnlyList<double> Values);
