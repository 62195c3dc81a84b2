namespace MLNetCnn.Inference;

/// <summary>What a model says about one image; scores never come without their labels.</summary>
public sealed class ImagePrediction
{
    private readonly LabelIndex _labels;
    private readonly float[] _score;
    private readonly int _best;

    internal ImagePrediction(LabelIndex labels, float[] score, string modelVersion)
    {
        ModelVersion = modelVersion;
        _labels = labels;
        _score = score;
        _best = score.AsSpan().IndexOf(score.Max());
    }

    /// <summary>The <see cref="ImageModel.Version"/> of the model that said it.</summary>
    public string ModelVersion { get; }

    /// <summary>The most probable class; the first of them in label order where several are equal.</summary>
    public string Label => _labels[_best];

    /// <summary>The position of <see cref="Label"/> among the model's labels, from 0.</summary>
    public int LabelIndex => _best;

    /// <summary>The probability of <see cref="Label"/>, in [0, 1]; calibrated where the model is (<see cref="ModelMetadata.Temperature"/>).</summary>
    public float Probability => _score[_best];

    /// <summary>The probability of every class, in the order of <see cref="ImageModel.Labels"/>; sums to 1.</summary>
    public IReadOnlyList<float> Score => _score;

    /// <summary>The probability of every class by its label, in the order of the labels.</summary>
    public IReadOnlyDictionary<string, float> Scores => new LabelScores(_labels, _score);

    /// <summary>The <paramref name="k"/> most probable classes, the most probable first; all of them where there are fewer.</summary>
    /// <param name="k">At least 1.</param>
    public IReadOnlyList<LabelProbability> Top(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return [.. _score.Index().OrderByDescending(entry => entry.Item).Take(k).Select(entry => new LabelProbability(_labels[entry.Index], entry.Item))];
    }

    /// <summary>For a log: <c>Sneaker (97.3 %)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} ({100 * Probability:0.0} %)");

    internal float[] CopyScore() => [.. _score];
}
