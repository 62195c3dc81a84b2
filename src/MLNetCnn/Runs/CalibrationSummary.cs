using MLNetCnn.Evaluation;

namespace MLNetCnn.Runs;

/// <summary>How a model was made as sure as it is right.</summary>
/// <param name="Temperature">What its logits are divided by, found on the validation images.</param>
/// <param name="Before">Confidence and accuracy on the test images at temperature 1.</param>
/// <param name="After">The same at <paramref name="Temperature"/>.</param>
public sealed record CalibrationSummary(double Temperature, CalibrationError Before, CalibrationError After);
