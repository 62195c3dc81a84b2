using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>What a trained network says of its images, calibrated: its temperature is found on the validation images.</summary>
internal sealed class RunPredictions
{
    private readonly TrainedNetwork _trained;
    private readonly int _classes;
    private readonly float[]? _rawTest;
    private readonly ImageSet? _test;

    public RunPredictions(TrainedNetwork trained, ImageSet? validation, ImageSet? test, double temperature)
    {
        (_trained, _test, _classes) = (trained, test, trained.Labels.Count);
        var held = validation is null ? null : trained.Probabilities(validation);
        Temperature = validation?.Count >= TemperatureScaling.LeastImages ? TemperatureScaling.Fit(validation.Labels, held!, _classes) : temperature;
        Validation = held is null ? null : Calibrated(held);
        _rawTest = test is null ? null : trained.Probabilities(test);
        Test = _rawTest is null ? null : Calibrated(_rawTest);
    }

    /// <summary>What logits are divided by; what was given where there are too few validation images to say.</summary>
    public double Temperature { get; }

    /// <summary>The probabilities of the validation images, <c>[N, classes]</c>; null where there are none.</summary>
    public float[]? Validation { get; }

    /// <summary>The probabilities of the test images, <c>[N, classes]</c>; null where there are none.</summary>
    public float[]? Test { get; }

    /// <summary>What the temperature did on the test images; null where there is none of either.</summary>
    public CalibrationSummary? Calibration => Test is null || Temperature == 1 ? null : new(
        Temperature, CalibrationError.Measure(_test!.Labels, _rawTest, _classes), CalibrationError.Measure(_test.Labels, Test, _classes));

    /// <summary>The figures on images that were not predicted yet.</summary>
    public ClassificationSummary Summarize(ImageSet images) => Summarize(images, Calibrated(_trained.Probabilities(images)));

    /// <summary>The figures of probabilities.</summary>
    public ClassificationSummary Summarize(ImageSet images, float[] probabilities) =>
        ClassificationSummary.Of(images.Labels, probabilities, _classes);

    private float[] Calibrated(float[] probabilities) => Temperature == 1 ? probabilities : TemperatureScaling.Apply(probabilities, _classes, Temperature);
}
