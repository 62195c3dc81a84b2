namespace MLNetCnn.Evaluation;

/// <summary>
/// Makes probabilities as sure as they are right: logits are divided by one number, chosen on images that were not trained on, which
/// changes no answer (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
/// </summary>
public static class TemperatureScaling
{
    private const double Least = 0.05;
    private const double Most = 20;
    private const double Precision = 1e-4;

    /// <summary>Of fewer images, chance would decide.</summary>
    internal const int LeastImages = 50;

    /// <summary>A probability of less says nothing that a logarithm could hold.</summary>
    internal const double Smallest = 1e-12;

    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>The temperature with the lowest log-loss, in [0.05, 20]: above 1 where the probabilities are too sure.</summary>
    /// <param name="labels">The true class of every image, from 0; at least one.</param>
    /// <param name="probabilities">The probability of every class for every image: <c>[N, classes]</c>, row by row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or there is no image.</exception>
    public static double Fit(ReadOnlySpan<int> labels, float[] probabilities, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        ClassificationEvaluator.CheckSizes(labels, probabilities, classes);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var logarithms = Logarithms(probabilities, classes);
        var truth = tensor<int>(labels).to(ScalarType.Int64);
        double Loss(double logarithm)
        {
            using var one = NewDisposeScope();
            return functional.cross_entropy(logarithms.div(Math.Exp(logarithm)), truth).ToDouble();
        }

        // The loss has one valley in the inverse temperature: the golden section closes in on it.
        var (low, high) = (Math.Log(Least), Math.Log(Most));
        while (high - low > Precision)
        {
            var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
            (low, high) = Loss(left) < Loss(right) ? (low, right) : (left, high);
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>The probabilities at a temperature: <c>[N, classes]</c>.</summary>
    /// <param name="probabilities">The probabilities at temperature 1.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="temperature">Above 0.</param>
    public static float[] Apply(float[] probabilities, int classes, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return Logarithms(probabilities, classes).div(temperature).softmax(1).data<float>().ToArray();
    }

    private static Tensor Logarithms(float[] probabilities, int classes) => tensor<float>(probabilities).reshape(-1, classes).clamp(Smallest, 1).log();
}
