using System.Globalization;
using System.Text.Json.Serialization;

using MLNetCnn.Data;

namespace MLNetCnn.Runs;

/// <summary>What quantizing a model to 8-bit integers cost and gained, measured on this machine.</summary>
public sealed record QuantizationSummary
{
    /// <summary>The 8-bit model's file, relative to the run's folder.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The part of the data that both models were evaluated on.</summary>
    public required DatasetSplit Part { get; init; }

    /// <summary>How many images that are.</summary>
    public required int Images { get; init; }

    /// <summary>On how many training images the ranges of the activations were measured.</summary>
    public required int CalibrationImages { get; init; }

    /// <summary>The float model.</summary>
    public required QuantizedFigures Float { get; init; }

    /// <summary>The 8-bit model.</summary>
    public required QuantizedFigures Int8 { get; init; }

    /// <summary>The share of the images that both name alike, right or wrong, in [0, 1].</summary>
    public required double SameAnswers { get; init; }

    /// <summary>The most accuracy that may be lost for speed, as a share in [0, 1].</summary>
    public required double MaxLoss { get; init; }

    /// <summary>Whether the 8-bit model is the one to serve: it is faster here, and its accuracy is as good or nearly so.</summary>
    [JsonIgnore]
    public bool Wins => IsFaster && IsAccurate;

    /// <summary>Which model to serve, and why, in one sentence.</summary>
    [JsonIgnore]
    public string Verdict => string.Create(CultureInfo.InvariantCulture, $"{(Wins ? $"int8 wins here: serve {ModelFile}" : "the float model is the one to serve")}: int8 takes {Int8.P50Milliseconds / Float.P50Milliseconds:0.00} × the time and {(Loss > 0 ? $"loses {100 * Loss:0.00} points of accuracy" : "loses no accuracy")}{(IsAccurate ? "" : string.Create(CultureInfo.InvariantCulture, $", more than the {100 * MaxLoss:0.##} allowed"))}.");

    private double Loss => Float.Accuracy - Int8.Accuracy;

    private bool IsFaster => Int8.P50Milliseconds < Float.P50Milliseconds;

    // Of shares of whole images: half a point is not more than half a point for a bit at the end of a number.
    private bool IsAccurate => Loss <= MaxLoss + 1e-9;
}

/// <summary>What is compared of two models.</summary>
/// <param name="Accuracy">The share of the images named right, in [0, 1].</param>
/// <param name="LogLoss">The mean log-loss.</param>
/// <param name="GraphBytes">The size of <c>model.onnx</c>, which holds the weights that predict.</param>
/// <param name="FileBytes">The size of the .zip, which of a float model holds weights to train further as well.</param>
/// <param name="P50Milliseconds">The median time of one prediction on one CPU thread.</param>
/// <param name="P95Milliseconds">The 95th percentile of that.</param>
public sealed record QuantizedFigures(double Accuracy, double LogLoss, long GraphBytes, long FileBytes, double P50Milliseconds, double P95Milliseconds);
