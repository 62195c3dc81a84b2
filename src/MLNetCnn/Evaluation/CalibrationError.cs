namespace MLNetCnn.Evaluation;

/// <summary>The images whose confidence fell into one bin.</summary>
/// <param name="From">The bin's lower end, exclusive (0 inclusive).</param>
/// <param name="To">The bin's upper end, inclusive.</param>
/// <param name="Count">Images in it.</param>
/// <param name="Confidence">Their mean confidence; 0 where there is none.</param>
/// <param name="Accuracy">The share of them named right; 0 where there is none.</param>
public sealed record CalibrationBin(double From, double To, int Count, double Confidence, double Accuracy);

/// <summary>How far confidence and accuracy are apart.</summary>
/// <param name="Expected">The mean over the images of their bin's |accuracy − confidence|, in [0, 1].</param>
/// <param name="Maximum">The largest such gap of a bin that has images.</param>
/// <param name="Bins">The reliability diagram.</param>
public sealed record CalibrationError(double Expected, double Maximum, IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>
    /// Measures by equal-width bins over the highest probability: C. Guo et al., "On Calibration of Modern Neural Networks", ICML
    /// 2017, equation 3.
    /// </summary>
    /// <param name="labels">The true class of every image, from 0; at least one.</param>
    /// <param name="probabilities">The probability of every class for every image: <c>[N, classes]</c>, row by row.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="bins">The number of bins, at least 1; 15 by default.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, there is no image, or a probability is not in [0, 1].</exception>
    public static CalibrationError Measure(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classes, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        ClassificationEvaluator.CheckSizes(labels, probabilities, classes);
        var (counts, right, confidence) = (new int[bins], new int[bins], new double[bins]);
        for (var image = 0; image < labels.Length; image++)
        {
            var row = probabilities.Slice(image * classes, classes);
            var predicted = ClassificationEvaluator.ArgMax(row);
            var highest = row[predicted];
            if (!(highest >= 0 && highest <= 1))
            {
                throw new ArgumentException($"the highest probability of image {image} is {highest}, not in [0, 1]: calibration needs probabilities, not logits", nameof(probabilities));
            }

            var bin = Math.Clamp((int)Math.Ceiling(highest * (double)bins) - 1, 0, bins - 1);
            counts[bin]++;
            confidence[bin] += highest;
            right[bin] += predicted == labels[image] ? 1 : 0;
        }

        var diagram = Enumerable.Range(0, bins).Select(bin => new CalibrationBin(
            (double)bin / bins,
            (double)(bin + 1) / bins,
            counts[bin],
            counts[bin] == 0 ? 0 : confidence[bin] / counts[bin],
            counts[bin] == 0 ? 0 : (double)right[bin] / counts[bin])).ToArray();
        var images = labels.Length;
        return new CalibrationError(
            diagram.Sum(bin => (double)bin.Count / images * Math.Abs(bin.Accuracy - bin.Confidence)),
            diagram.Max(bin => Math.Abs(bin.Accuracy - bin.Confidence)),
            diagram);
    }
}
