namespace MLNetCnn.Evaluation;

/// <summary>
/// Counts, row by row, what the metrics of a multi-class classifier are made of, by ML.NET's definitions. The predicted class is the
/// most probable one, the first of equals; rank k of the true class counts the classes more probable, and those equally probable
/// that come before it.
/// </summary>
public sealed class ClassificationEvaluator
{
    // ML.NET's floor: a probability of 0 costs −ln(1e-15) ≈ 34.5 instead of infinity.
    private const float Epsilon = 1e-15f;

    private readonly int _topK;
    private readonly IReadOnlyList<string>? _classNames;
    private readonly long[] _counts;
    private readonly double[] _logLossPerClass;
    private readonly long[] _ranks;
    private readonly long[,] _confusion;
    private double _logLoss;
    private long _rows;

    /// <summary>Creates an evaluator that has seen nothing.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="topK">The k of top-k accuracy; 0: none; more than <paramref name="classes"/> means as many.</param>
    /// <param name="classNames">A name for every class, for the confusion table; null: their numbers from 0.</param>
    /// <exception cref="ArgumentException">There is not a name for every class.</exception>
    public ClassificationEvaluator(int classes, int topK = 0, IReadOnlyList<string>? classNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        if (classNames is not null && classNames.Count != classes)
        {
            throw new ArgumentException($"{classes} classes need as many names, not {classNames.Count}", nameof(classNames));
        }

        Classes = classes;
        _topK = Math.Min(topK, classes);
        _classNames = classNames;
        _counts = new long[classes];
        _logLossPerClass = new double[classes];
        _ranks = new long[classes + 1];
        _confusion = new long[classes, classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>Rows left out so far: a negative label, or a probability that is not finite.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Rows so far whose label is beyond the classes: wrong, with the highest log-loss, and in no row of the confusion matrix.</summary>
    public long UnseenClasses { get; private set; }

    /// <summary>Evaluates all rows at once.</summary>
    /// <param name="labels">The true class of every row, from 0.</param>
    /// <param name="probabilities">The probability of every class for every row: <c>[N, classes]</c>, row by row, each row summing to 1.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="topK">The k of top-k accuracy; 0: none.</param>
    /// <param name="classNames">A name for every class, or null.</param>
    /// <exception cref="ArgumentException">There are not <paramref name="classes"/> probabilities for every label.</exception>
    public static MulticlassClassificationMetrics Evaluate(
        ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classes, int topK = 0, IReadOnlyList<string>? classNames = null)
    {
        var evaluator = new ClassificationEvaluator(classes, topK, classNames);
        CheckSizes(labels, probabilities, classes);
        for (var row = 0; row < labels.Length; row++)
        {
            evaluator.Add(labels[row], probabilities.Slice(row * classes, classes));
        }

        return evaluator.ToMetrics();
    }

    /// <summary>Adds one row.</summary>
    /// <param name="label">The true class, from 0; negative: none.</param>
    /// <param name="probabilities">The probability of every class.</param>
    public void Add(int label, ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length != Classes)
        {
            throw new ArgumentException($"a row has {probabilities.Length} probabilities for {Classes} classes", nameof(probabilities));
        }

        if (label < 0 || !AllFinite(probabilities))
        {
            LeftOut++;
            return;
        }

        _rows++;
        if (label >= Classes)
        {
            UnseenClasses++;
            _logLoss -= Math.Log(Epsilon);
            _ranks[Classes]++;
            return;
        }

        var loss = -Math.Log(Math.Clamp(probabilities[label], Epsilon, 1));
        _logLoss += loss;
        _logLossPerClass[label] += loss;
        _counts[label]++;
        _confusion[label, ArgMax(probabilities)]++;
        _ranks[Rank(label, probabilities)]++;
    }

    /// <summary>The metrics of the rows so far.</summary>
    public MulticlassClassificationMetrics ToMetrics()
    {
        var logLoss = Ratio(_logLoss, _rows);
        var prior = -_counts.Where(count => count > 0).Sum(count => (double)count / _rows * Math.Log((double)count / _rows));
        var present = Enumerable.Range(0, Classes).Where(index => _counts[index] > 0).ToArray();
        var topK = new double[_topK];
        for (long index = 0, within = 0; index < _topK; index++)
        {
            within += _ranks[index];
            topK[index] = Ratio(within, _rows);
        }

        return new MulticlassClassificationMetrics
        {
            Count = _rows,
            LogLoss = logLoss,
            LogLossReduction = (prior - logLoss) / prior,
            MicroAccuracy = Ratio(_ranks[0], _rows),
            MacroAccuracy = present.Length == 0 ? 0 : present.Average(index => Ratio(_confusion[index, index], _counts[index])),
            TopKPredictionCount = _topK,
            TopKAccuracyForAllK = topK,
            PerClassLogLoss = [.. _logLossPerClass.Zip(_counts, (loss, count) => Ratio(loss, count))],
            ConfusionMatrix = new ConfusionMatrix(_confusion, _classNames),
        };
    }

    /// <summary>The place of the largest value, the first of equals.</summary>
    internal static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    internal static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    internal static void CheckSizes(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classes)
    {
        if (probabilities.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException($"{labels.Length} labels of {classes} classes need {(long)labels.Length * classes} probabilities, not {probabilities.Length}", nameof(probabilities));
        }
    }

    private static int Rank(int label, ReadOnlySpan<float> probabilities)
    {
        var rank = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            rank += probabilities[i] > probabilities[label] || (probabilities[i] == probabilities[label] && i < label) ? 1 : 0;
        }

        return rank;
    }

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}
