namespace MLNetCnn.Evaluation;

/// <summary>The metrics of a multi-class classifier, as ML.NET defines them.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics()
    {
    }

    /// <summary>The rows evaluated.</summary>
    public required long Count { get; init; }

    /// <summary>Mean −ln of the probability given to the true class, which is floored at 1e-15; 0 is perfect.</summary>
    public required double LogLoss { get; init; }

    /// <summary>
    /// (prior − <see cref="LogLoss"/>) / prior, where prior is the log-loss of always answering the class frequencies of these rows:
    /// 1 is perfect, 0 no better than the frequencies, negative worse. Where all rows are of one class the prior is 0 and the
    /// figure not finite.
    /// </summary>
    public required double LogLossReduction { get; init; }

    /// <summary>Mean over the classes that have rows of the share named right, in [0, 1].</summary>
    public required double MacroAccuracy { get; init; }

    /// <summary>Share of rows named right, in [0, 1].</summary>
    public required double MicroAccuracy { get; init; }

    /// <summary>Share of rows whose true class is among the <see cref="TopKPredictionCount"/> most probable; of equally probable classes the first counts first. 0 where no k was asked for.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK.Count == 0 ? 0 : TopKAccuracyForAllK[^1];

    /// <summary>The k of <see cref="TopKAccuracy"/>, at most the number of classes; 0: none.</summary>
    public required int TopKPredictionCount { get; init; }

    /// <summary>Top-k accuracy for k = 1, 2, … <see cref="TopKPredictionCount"/>.</summary>
    public required IReadOnlyList<double> TopKAccuracyForAllK { get; init; }

    /// <summary>Log-loss over the rows of each class; 0 for a class without rows.</summary>
    public required IReadOnlyList<double> PerClassLogLoss { get; init; }

    /// <summary>What was taken for what.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }

    /// <summary>
    /// The figures as plain numbers. Macro F1 is the mean of 2·tp / (2·tp + fp + fn) over the classes that are true or predicted
    /// for some row; a log-loss reduction that is not finite becomes 0.
    /// </summary>
    public ClassificationSummary Summarize()
    {
        var counts = ConfusionMatrix.Counts;
        var f1 = new List<double>();
        for (var index = 0; index < counts.Count; index++)
        {
            var seen = counts[index].Sum() + counts.Sum(row => row[index]);
            if (seen > 0)
            {
                f1.Add(2 * counts[index][index] / seen);
            }
        }

        return new ClassificationSummary(
            checked((int)Count),
            MicroAccuracy,
            MacroAccuracy,
            LogLoss,
            double.IsFinite(LogLossReduction) ? LogLossReduction : 0,
            f1.Count == 0 ? 0 : f1.Average(),
            TopKPredictionCount,
            TopKAccuracy,
            ConfusionMatrix.PerClassPrecision,
            ConfusionMatrix.PerClassRecall,
            [.. counts.Select(row => row.Select(count => (int)count).ToArray())]);
    }
}
