namespace MLNetCnn.Inference;

/// <summary>How long one prediction takes, in milliseconds.</summary>
/// <param name="P50">Half of the predictions were at most this slow.</param>
/// <param name="P95">95 % of the predictions were at most this slow.</param>
public readonly record struct PredictionLatency(double P50, double P95);
