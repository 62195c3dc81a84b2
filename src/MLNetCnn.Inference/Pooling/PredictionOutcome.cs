using MLNetCnn.Imaging;

namespace MLNetCnn.Inference.Pooling;

/// <summary>What became of one image: a prediction, or why it could not be read.</summary>
/// <param name="Prediction">The answer; null where there is a problem.</param>
/// <param name="Problem">What is wrong with the image; null where there is an answer.</param>
public readonly record struct PredictionOutcome(ImagePrediction? Prediction, ImageFormatException? Problem);
