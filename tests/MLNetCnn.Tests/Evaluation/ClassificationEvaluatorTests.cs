using System.Text.Json.Nodes;
using MLNetCnn.Evaluation;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Evaluation;

public sealed class ClassificationEvaluatorTests
{
    private const string ScikitLearn = """
        from sklearn import metrics as m
        outputs = {'cases': []}
        for case in inputs['cases']:
            y, p = case['labels'], case['probabilities'].astype(np.float64)
            classes = list(range(p.shape[1]))
            predicted = p.argmax(1)
            # The probability of a class is floored, and rows are not renormalised: log-loss of the floored ones, by its definition.
            floored = np.clip(p, 1e-15, 1)
            present = sorted(set(y.tolist()))
            prior = m.log_loss(y, np.tile([np.mean(y == c) for c in classes], (len(y), 1)), labels=classes, eps=1e-300) if len(present) > 1 else 0
            loss = float(-np.mean(np.log(floored[np.arange(len(y)), y])))
            if case['normalised']: np.testing.assert_allclose(loss, m.log_loss(y, p, labels=classes, eps=1e-15), rtol=1e-6)
            outputs['cases'].append({
                'micro': m.accuracy_score(y, predicted),
                'macro': m.recall_score(y, predicted, labels=present, average='macro', zero_division=0),
                'balanced': m.balanced_accuracy_score(y, predicted),
                'loss': loss,
                'reduction': (prior - loss) / prior if prior else 0,
                'topk': [m.top_k_accuracy_score(y, p, k=k, labels=classes) for k in range(1, min(4, len(classes)))],
                'precision': m.precision_score(y, predicted, labels=classes, average=None, zero_division=0).tolist(),
                'recall': m.recall_score(y, predicted, labels=classes, average=None, zero_division=0).tolist(),
                'f1': m.f1_score(y, predicted, average='macro', zero_division=0),
                'confusion': m.confusion_matrix(y, predicted, labels=classes).tolist()})
        """;

    [Fact]
    public void The_metrics_equal_scikit_learns_also_with_classes_missing_from_labels_or_predictions_and_probabilities_of_0()
    {
        var random = new Random(1);
        var cases = new[]
        {
            Case(random, rows: 500, labelClasses: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], classes: 10),
            Case(random, rows: 60, labelClasses: [0, 2, 5], classes: 7),
            Case(random, rows: 40, labelClasses: [0, 1, 2, 3], classes: 4, neverPredicted: 2),
            Case(random, rows: 80, labelClasses: [0, 1, 2, 3, 4], classes: 5, zeros: true),
        };
        var expected = PythonOracle.Run(ScikitLearn, new JsonObject { ["cases"] = new JsonArray([.. cases.Select(Pack)]) })["cases"]!.AsArray();

        for (var i = 0; i < cases.Length; i++)
        {
            var (labels, probabilities, classes, _) = cases[i];
            var metrics = ClassificationEvaluator.Evaluate(labels, probabilities, classes, topK: 4);
            var summary = metrics.Summarize();
            var python = expected[i]!;

            Assert.Equal((double)python["micro"]!, metrics.MicroAccuracy, 1e-12);
            Assert.Equal((double)python["macro"]!, metrics.MacroAccuracy, 1e-12);
            Assert.Equal((double)python["balanced"]!, metrics.MacroAccuracy, 1e-12);
            Assert.Equal((double)python["loss"]!, metrics.LogLoss, 1e-6);
            Assert.Equal((double)python["reduction"]!, metrics.LogLossReduction, 1e-6);
            Close(python["topk"]!, metrics.TopKAccuracyForAllK.Take(Math.Min(3, classes - 1)));
            Close(python["precision"]!, metrics.ConfusionMatrix.PerClassPrecision);
            Close(python["recall"]!, metrics.ConfusionMatrix.PerClassRecall);
            Assert.Equal((double)python["f1"]!, summary.MacroF1, 1e-12);
            Assert.Equal(python["confusion"]!.AsArray().Select(row => row!.AsArray().Select(count => (int)count!)), summary.ConfusionMatrix);
            Assert.Equal(labels.Length, summary.Count);
            Assert.Equal(metrics.LogLoss, labels.Select((label, row) => (label, row)).GroupBy(pair => pair.label)
                .Sum(group => metrics.PerClassLogLoss[group.Key] * group.Count()) / labels.Length, 1e-9);
        }
    }

    [Fact]
    public void Of_equally_probable_classes_the_first_counts_first()
    {
        // ML.NET's own example: the true class 2 has rank 3, behind 3 (more probable) and 0 and 1 (as probable, and before it).
        float[] probabilities = [0.1f, 0.1f, 0.1f, 0.6f, 0.1f];

        var metrics = ClassificationEvaluator.Evaluate([2], probabilities, 5, topK: 5);

        Assert.Equal([0, 0, 0, 1, 1], metrics.TopKAccuracyForAllK);
        Assert.Equal(1, ClassificationEvaluator.Evaluate([0], [0.5f, 0.5f], 2).MicroAccuracy);
        Assert.Equal(0, ClassificationEvaluator.Evaluate([1], [0.5f, 0.5f], 2).MicroAccuracy);
    }

    [Fact]
    public void A_class_beyond_the_models_is_wrong_at_the_highest_log_loss_and_rows_without_label_or_finite_score_are_left_out()
    {
        var evaluator = new ClassificationEvaluator(2, topK: 2);
        evaluator.Add(0, [1f, 0f]);
        evaluator.Add(7, [1f, 0f]);
        evaluator.Add(-1, [1f, 0f]);
        evaluator.Add(0, [float.NaN, 0f]);

        var metrics = evaluator.ToMetrics();

        Assert.Equal((2, 1, 2), (metrics.Count, evaluator.UnseenClasses, evaluator.LeftOut));
        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.Equal(0.5, metrics.TopKAccuracy);
        Assert.Equal(1, metrics.MacroAccuracy);
        Assert.Equal(-Math.Log(1e-15) / 2, metrics.LogLoss, 1e-5);
        Assert.Equal(1, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void No_row_at_all_gives_zeros_that_can_be_stored()
    {
        var summary = ClassificationEvaluator.Evaluate([], [], 3, topK: 1).Summarize();

        Assert.Equal((0, 0.0, 0.0, 0.0, 0.0), (summary.Count, summary.MicroAccuracy, summary.MacroAccuracy, summary.LogLossReduction, summary.MacroF1));
    }

    [Fact]
    public void The_confusion_table_shows_truth_in_rows_with_recall_and_precision()
    {
        var metrics = ClassificationEvaluator.Evaluate([0, 0, 1], [0.9f, 0.1f, 0.2f, 0.8f, 0.1f, 0.9f], 2, classNames: ["cat", "dog"]);

        Assert.Equal(
            """
            Confusion table
                      ||=========================
            PREDICTED ||    cat |    dog | Recall
            TRUTH     ||=========================
                  cat ||      1 |      1 | 0.5000
                  dog ||      0 |      1 | 1.0000
                      ||=========================
            Precision || 1.0000 | 0.5000 |

            """,
            metrics.ConfusionMatrix.GetFormattedConfusionTable(),
            ignoreLineEndingDifferences: true);
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
    }

    [Fact]
    public void Sizes_that_do_not_agree_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => ClassificationEvaluator.Evaluate([0, 1], [0.5f, 0.5f], 2));

        Assert.Contains("2 labels of 2 classes need 4 probabilities, not 2", error.Message);
    }

    private static void Close(JsonNode expected, IEnumerable<double> actual) =>
        Assert.Equal(expected.AsArray().Select(python => (double)python!), actual, (python, ours) => Math.Abs(python - ours) <= 1e-12);

    private static JsonNode Pack((int[] Labels, float[] Probabilities, int Classes, bool Normalised) data) => new JsonObject
    {
        ["labels"] = PythonOracle.Array(data.Labels.Select(label => (long)label).ToArray(), data.Labels.Length),
        ["probabilities"] = PythonOracle.Array(data.Probabilities, data.Labels.Length, data.Classes),
        ["normalised"] = data.Normalised,
    };

    private static (int[] Labels, float[] Probabilities, int Classes, bool Normalised) Case(
        Random random, int rows, int[] labelClasses, int classes, int neverPredicted = -1, bool zeros = false)
    {
        var labels = Enumerable.Range(0, rows).Select(_ => labelClasses[random.Next(labelClasses.Length)]).ToArray();
        var probabilities = new float[rows * classes];
        for (var row = 0; row < rows; row++)
        {
            var weights = Enumerable.Range(0, classes).Select(index => index == neverPredicted ? 1e-4 : Math.Exp(3 * random.NextDouble()) + (index == labels[row] ? 8 : 0)).ToArray();
            if (zeros && row % 4 == 0)
            {
                weights[labels[row]] = 0;
            }

            for (var index = 0; index < classes; index++)
            {
                probabilities[(row * classes) + index] = (float)(weights[index] / weights.Sum());
            }
        }

        return (labels, probabilities, classes, !zeros);
    }
}
