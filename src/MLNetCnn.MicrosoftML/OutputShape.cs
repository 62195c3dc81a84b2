using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetCnn.MicrosoftML;

/// <summary>
/// Says before the training what columns it will give. Only ML.NET itself can make a <see cref="SchemaShape.Column"/>: one of its
/// own estimators, given the same columns, is asked.
/// </summary>
internal static class OutputShape
{
    public static SchemaShape Add(SchemaShape inputSchema, string score, string predictedLabel)
    {
        var names = new VBuffer<ReadOnlyMemory<char>>(1, [ReadOnlyMemory<char>.Empty]);
        var namesType = new VectorDataViewType(TextDataViewType.Instance, 1);
        var definition = SchemaDefinition.Create(typeof(Prediction));
        definition[nameof(Prediction.Score)].ColumnName = score;
        definition[nameof(Prediction.Score)].AddAnnotation(AnnotationKinds.SlotNames, names, namesType);
        definition[nameof(Prediction.PredictedLabel)].ColumnName = predictedLabel;
        definition[nameof(Prediction.PredictedLabel)].AddAnnotation(AnnotationKinds.KeyValues, names, namesType);
        return new MLContext().Transforms
            .CustomMapping<Nothing, Prediction>((_, _) => { }, contractName: null, inputSchemaDefinition: null, outputSchemaDefinition: definition)
            .GetOutputSchema(inputSchema);
    }

    private sealed class Nothing;

    private sealed class Prediction
    {
        [VectorType(1)]
        public VBuffer<float> Score { get; set; }

        [KeyType(1)]
        public uint PredictedLabel { get; set; }
    }
}
