using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>
/// Maps values to the keys learned: 1 for the first, 0 for a value that is missing or was not seen. The values are the key values
/// annotation of the output column.
/// </summary>
public sealed class ValueToKeyMappingTransformer : RowToRowTransformer, ILoadable<ValueToKeyMappingTransformer>
{
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly KeyMap _map;
    private readonly bool _asText;
    private readonly DataViewSchema.Annotations _annotations;

    internal ValueToKeyMappingTransformer(string outputColumnName, string inputColumnName, KeyMap map, bool asText)
    {
        (_outputColumnName, _inputColumnName, _map, _asText) = (outputColumnName, inputColumnName, map, asText);
        _annotations = map.Annotations(asText);
    }

    /// <inheritdoc/>
    public static string Kind => "MapValueToKey";

    /// <inheritdoc/>
    public static ValueToKeyMappingTransformer Load(JsonObject parameters) => new(
        parameters.Required<string>("output"), parameters.Required<string>("input"), KeyMap.FromJson(parameters.Required<JsonObject>("keys")), parameters.Required<bool>("asText"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new() { ["output"] = _outputColumnName, ["input"] = _inputColumnName, ["keys"] = _map.ToJson(), ["asText"] = _asText };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var input = inputSchema[_inputColumnName];
        return input.Type.Equals(_map.ValueType)
            ? OutputColumn.All(inputSchema).Append(OutputColumn.Computed(
                _outputColumnName, new KeyDataViewType(typeof(uint), _map.Count), [input], context => _map.KeyGetter(context.Input, input), _annotations))
            : throw new InvalidOperationException($"the keys were learned from {_map.ValueType} values, but column '{_inputColumnName}' is {input.Type}");
    }
}

/// <summary>Learns the distinct values of a column, in one pass over it.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _asText;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator(
        string outputColumnName, string? inputColumnName, int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView? keyData)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumNumberOfKeys);
        if (keyData is not null && keyData.Schema.Count != 1)
        {
            throw new ArgumentException($"key data is one column of values, but this has {keyData.Schema.Count}: {keyData.Schema}", nameof(keyData));
        }

        (_outputColumnName, _inputColumnName) = (outputColumnName, inputColumnName ?? outputColumnName);
        (_maximumNumberOfKeys, _keyOrdinality, _asText, _keyData) = (maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);
    }

    /// <summary>The order in which values get their keys.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>As they first occur.</summary>
        ByOccurrence = 0,

        /// <summary>Ascending; text by its UTF-16 code units.</summary>
        ByValue = 1,
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The column is missing, of an unsuited type, or holds no value that is not missing.</exception>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Schema[_inputColumnName];
        var type = KeyMap.Check(column);
        var (view, source) = _keyData is null ? (input, column) : (_keyData, _keyData.Schema[0]);
        if (!source.Type.Equals(type))
        {
            throw new InvalidOperationException($"key data of {source.Type} does not suit column '{column.Name}' of {type}");
        }

        var map = KeyMap.Learn(view, source, _maximumNumberOfKeys, _keyOrdinality == KeyOrdinality.ByValue);
        return map.Count > 0
            ? new ValueToKeyMappingTransformer(_outputColumnName, _inputColumnName, map, _asText)
            : throw new InvalidOperationException($"column '{source.Name}' holds no value to make a key of: every row is missing, or there is none");
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Require(_inputColumnName, ValueToKeyMappingTransformer.Kind);
        var valueType = _asText ? TextDataViewType.Instance : input.ItemType;
        var values = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, valueType, isKey: false);
        return input is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false, ItemType: TextDataViewType or NumberDataViewType or BooleanDataViewType }
            ? inputSchema.With(new SchemaShape.Column(_outputColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape([values])))
            : throw new InvalidOperationException($"MapValueToKey numbers text, numbers or booleans, which column '{input.Name}' does not hold");
    }
}
