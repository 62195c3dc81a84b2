using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// A transform that moves pixels. Those that follow each other and fill and interpolate alike are one sampling of the image, so that
/// turning, moving and zooming blur it once.
/// </summary>
public abstract record GeometricTransform : Transform
{
    private protected GeometricTransform()
    {
    }

    /// <summary>What is seen where the moved image has no pixels.</summary>
    /// <value><see cref="FillMode.Reflect"/>, as Keras' layers have it.</value>
    public FillMode FillMode { get; init; } = FillMode.Reflect;

    /// <summary>The value of <see cref="FillMode.Constant"/>, in [0, 1].</summary>
    /// <value>0, black.</value>
    public double FillValue { get; init; }

    /// <summary>How a value between pixels is found.</summary>
    /// <value><see cref="Interpolation.Bilinear"/>.</value>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    private protected AugmentationStep Step(AugmentationKind kind, params double[] values) =>
        new(kind, Probability, values) { FillMode = FillMode, FillValue = FillValue, Interpolation = Interpolation };

    internal override IEnumerable<string> MemberProblems() => Rule(FillValue is >= 0 and <= 1, $"fillValue is {FillValue}: give a value in [0, 1]");
}
