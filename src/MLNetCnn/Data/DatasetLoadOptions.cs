using System.Globalization;
using MLNetCnn.Data.Manifests;
using MLNetCnn.Data.Sources;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>How a dataset is loaded.</summary>
public sealed record DatasetLoadOptions : SourceOptions
{
    /// <summary>Where dataset names are looked up; <see cref="ManifestCatalog.Default"/> where null.</summary>
    public ManifestCatalog? Catalog { get; init; }

    /// <summary>The height to give the images, 1 to 4096; null for the manifest's (224 for a bare folder).</summary>
    public int? Height { get; init; }

    /// <summary>The width to give the images, 1 to 4096; null for the manifest's (224 for a bare folder).</summary>
    public int? Width { get; init; }

    /// <summary>1 (grey) or 3 (RGB); null for the manifest's (3 for a bare folder).</summary>
    public int? Channels { get; init; }

    /// <summary>What happens to images of another aspect ratio; stretches by default.</summary>
    public ResizingKind Resizing { get; init; } = ResizingKind.Fill;

    /// <summary>The part of the dataset to use; null for the manifest's choice.</summary>
    public TrimOptions? Trim { get; init; }

    /// <summary>The seed of the splits below; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>The part of the training images to test on where the dataset brings no test images, in [0, 1); 0 by default. Stratified; drawn before the validation part.</summary>
    public double TestFraction { get; init; }

    /// <summary>The part of the (remaining) training images to validate on where the dataset brings no validation images, in [0, 1); 0 by default. Stratified.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Checks all values at once.</summary>
    /// <exception cref="DatasetException">Some are out of range; each is named with its rule.</exception>
    internal void Validate()
    {
        var problems = new List<string>();
        foreach (var (name, value) in new[] { (nameof(Height), Height), (nameof(Width), Width) })
        {
            if (value is < 1 or > ImageShape.MaxSide)
            {
                problems.Add($"{name} is {value}: 1 to {ImageShape.MaxSide} pixels are possible");
            }
        }

        if (Channels is not (null or 1 or 3))
        {
            problems.Add($"{nameof(Channels)} is {Channels}: 1 (grey) or 3 (RGB) are possible");
        }

        foreach (var (name, value) in new[] { (nameof(TestFraction), TestFraction), (nameof(ValidationFraction), ValidationFraction) })
        {
            if (value is not (>= 0 and < 1))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: a fraction from 0 up to, but not, 1 is possible"));
            }
        }

        problems.AddRange(Trim?.Validate() ?? []);
        if (problems.Count > 0)
        {
            throw new DatasetException(string.Join("; ", problems));
        }
    }
}
