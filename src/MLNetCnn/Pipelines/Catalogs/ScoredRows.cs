using MLNetCnn.Evaluation;

namespace MLNetCnn.Pipelines;

/// <summary>The label and score columns of a view, as the evaluator takes them.</summary>
internal sealed class ScoredRows
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _score;
    private readonly int _classes;

    public ScoredRows(IDataView data, string labelColumnName, string scoreColumnName)
    {
        (_data, _label, _score) = (data, data.Schema[labelColumnName], data.Schema[scoreColumnName]);
        if (_label.Type is not KeyDataViewType && !_label.Type.Equals(NumberDataViewType.Single))
        {
            throw new InvalidOperationException(
                $"the label column '{_label.Name}' is {_label.Type}: map it with the same MapValueToKey that the model was trained with");
        }

        _classes = _score.Type is VectorDataViewType { Size: >= 2 } vector && vector.ItemType.Equals(NumberDataViewType.Single)
            ? vector.Size
            : throw new InvalidOperationException($"the score column '{_score.Name}' is {_score.Type}, not a Single vector of two or more classes");
        CheckOrder(AnnotationUtils.Texts(_score, AnnotationUtils.Kinds.SlotNames), AnnotationUtils.KeyTexts(_label));
    }

    public ClassificationEvaluator Evaluate(int topK)
    {
        var evaluator = new ClassificationEvaluator(_classes, topK, AnnotationUtils.Texts(_score, AnnotationUtils.Kinds.SlotNames));
        using var cursor = _data.GetRowCursor([_label, _score]);
        var label = Label(cursor);
        var getScore = cursor.GetGetter<VBuffer<float>>(_score);
        var score = default(VBuffer<float>);
        var dense = new float[_classes];
        while (cursor.MoveNext())
        {
            getScore(ref score);
            score.CopyTo(dense);
            evaluator.Add(label(), dense);
        }

        return evaluator;
    }

    /// <summary>Class indices from 0; −1 where the label is missing.</summary>
    private Func<int> Label(DataViewRow row)
    {
        if (ColumnReader.AsKey(row, _label) is { } key)
        {
            return () => (int)Math.Min(key(), int.MaxValue) - 1;
        }

        var number = ColumnReader.AsDouble(row, _label)!;
        return () => number() is var value && value >= 0 && value == Math.Floor(value) ? (int)Math.Min(value, int.MaxValue) : -1;
    }

    /// <summary>A test set whose own mapping numbers the classes differently would give figures that mean nothing.</summary>
    private void CheckOrder(string[]? scored, string[]? labels)
    {
        for (var i = 0; scored is not null && labels is not null && i < Math.Min(scored.Length, labels.Length); i++)
        {
            if (scored[i] != labels[i])
            {
                throw new InvalidOperationException(
                    $"key {i + 1} of '{_label.Name}' is '{labels[i]}', but slot {i} of '{_score.Name}' is '{scored[i]}': map the labels with the mapping that the model was trained with");
            }
        }
    }
}
