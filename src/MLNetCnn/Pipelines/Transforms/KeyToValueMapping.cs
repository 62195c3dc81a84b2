using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>Maps keys back to the values that they stand for, as the key values annotation of the input column says; 0 to the missing value.</summary>
public sealed class KeyToValueMappingTransformer : RowToRowTransformer, ILoadable<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingTransformer(string outputColumnName, string inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        (OutputColumnName, InputColumnName) = (outputColumnName, inputColumnName);
    }

    /// <inheritdoc/>
    public static string Kind => "MapKeyToValue";

    /// <summary>The column of values.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column of keys.</summary>
    public string InputColumnName { get; }

    /// <inheritdoc/>
    public static KeyToValueMappingTransformer Load(JsonObject parameters) => new(parameters.Required<string>("output"), parameters.Required<string>("input"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new() { ["output"] = OutputColumnName, ["input"] = InputColumnName };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var input = inputSchema[InputColumnName];
        return input.Type is KeyDataViewType && AnnotationUtils.Find(input, AnnotationUtils.Kinds.KeyValues) is { ItemType: var type }
            ? OutputColumn.All(inputSchema).Append(ColumnReader.Generic<OutputColumn>(typeof(KeyToValueMappingTransformer), nameof(Values), [type.RawType], OutputColumnName, input, type))
            : throw new InvalidOperationException(
                $"MapKeyToValue needs a key column with key values, but '{InputColumnName}' is {input.Type}{(input.Type is KeyDataViewType ? " without them" : "")}: map it with MapValueToKey before");
    }

    private static OutputColumn Values<T>(string name, DataViewSchema.Column input, PrimitiveDataViewType type)
    {
        var buffer = default(VBuffer<T>);
        input.GetKeyValues(ref buffer);
        var values = buffer.DenseValues().ToArray();
        var missing = MissingValues.Value<T>(type);
        return OutputColumn.Computed<T>(name, type, [input], context =>
        {
            var key = ColumnReader.AsKey(context.Input, input)!;
            return (ref T value) => value = key() is > 0 and var index && index <= (ulong)values.Length ? values[index - 1] : missing;
        });
    }
}

/// <summary>Estimator of a <see cref="KeyToValueMappingTransformer"/>.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(string outputColumnName, string? inputColumnName)
        : base(new(outputColumnName, inputColumnName ?? outputColumnName))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Require(Transformer.InputColumnName, KeyToValueMappingTransformer.Kind);
        var values = input.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.KeyValues).ToArray();
        return input is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar } && values is [var value]
            ? inputSchema.With(new SchemaShape.Column(Transformer.OutputColumnName, SchemaShape.Column.VectorKind.Scalar, value.ItemType, isKey: false))
            : throw new InvalidOperationException($"MapKeyToValue needs a key column with key values, which '{input.Name}' is not: map it with MapValueToKey before");
    }
}
