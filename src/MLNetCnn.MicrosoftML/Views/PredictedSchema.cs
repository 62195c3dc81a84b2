using Microsoft.ML;
using Microsoft.ML.Data;

using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>The columns of a view and, behind them, those that a classifier adds.</summary>
internal sealed class PredictedSchema
{
    public PredictedSchema(DataViewSchema input, ImageClassificationTransformer transformer, ImageClassificationColumns columns)
    {
        Images = new ImageColumns(input, columns.Feature);
        Input = input;
        Predictions = transformer.GetOutputSchema(Images.Schema);
        var labels = transformer.Model.Labels;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(columns.Score, new VectorDataViewType(NumberDataViewType.Single, labels.Count), AnnotationKinds.Names(AnnotationKinds.SlotNames, labels));
        builder.AddColumn(columns.PredictedLabel, new KeyDataViewType(typeof(uint), labels.Count), AnnotationKinds.Names(AnnotationKinds.KeyValues, labels));
        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    /// <summary>What is read of the input to predict.</summary>
    public ImageColumns Images { get; }

    /// <summary>The schema of the classifier's own output.</summary>
    public Pipelines.DataViewSchema Predictions { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column Score => Output[Input.Count];

    public DataViewSchema.Column PredictedLabel => Output[Input.Count + 1];

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= Input.Count;

    /// <summary>The classifier's own columns that <paramref name="columns"/> of the output are read from.</summary>
    public IEnumerable<Pipelines.DataViewSchema.Column> Added(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(IsAdded).Select(column => Predictions[column.Name]);

    /// <summary>The input's columns that <paramref name="columns"/> of the output pass on.</summary>
    public IEnumerable<DataViewSchema.Column> Passed(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(column => !IsAdded(column)).Select(column => Input[column.Index]);
}
