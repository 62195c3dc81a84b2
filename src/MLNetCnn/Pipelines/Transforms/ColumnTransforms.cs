using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>Gives a column a second time under another name.</summary>
public sealed class ColumnCopyingTransformer : RowToRowTransformer, ILoadable<ColumnCopyingTransformer>
{
    internal ColumnCopyingTransformer(string outputColumnName, string inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        (OutputColumnName, InputColumnName) = (outputColumnName, inputColumnName);
    }

    /// <inheritdoc/>
    public static string Kind => "CopyColumns";

    /// <summary>The new column.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column that it is a copy of.</summary>
    public string InputColumnName { get; }

    /// <inheritdoc/>
    public static ColumnCopyingTransformer Load(JsonObject parameters) => new(parameters.Required<string>("output"), parameters.Required<string>("input"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new() { ["output"] = OutputColumnName, ["input"] = InputColumnName };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema) =>
        OutputColumn.All(inputSchema).Append(OutputColumn.Copy(OutputColumnName, inputSchema[InputColumnName]));
}

/// <summary>Estimator of a <see cref="ColumnCopyingTransformer"/>.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(string outputColumnName, string inputColumnName)
        : base(new(outputColumnName, inputColumnName))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var source = inputSchema.Require(Transformer.InputColumnName, ColumnCopyingTransformer.Kind);
        return inputSchema.With(new SchemaShape.Column(Transformer.OutputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations));
    }
}

/// <summary>Keeps the named columns, in the order named, or drops them and keeps the others; hidden ones go unless kept too.</summary>
public sealed class ColumnSelectingTransformer : RowToRowTransformer, ILoadable<ColumnSelectingTransformer>
{
    internal ColumnSelectingTransformer(IReadOnlyList<string> columnNames, bool drop, bool keepHidden)
    {
        ArgumentNullException.ThrowIfNull(columnNames);
        (ColumnNames, Drop, KeepHidden) = ([.. columnNames], drop, keepHidden);
    }

    /// <inheritdoc/>
    public static string Kind => "SelectColumns";

    /// <summary>The columns kept or dropped.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Whether <see cref="ColumnNames"/> are dropped.</summary>
    public bool Drop { get; }

    /// <summary>Whether hidden columns stay.</summary>
    public bool KeepHidden { get; }

    /// <inheritdoc/>
    public static ColumnSelectingTransformer Load(JsonObject parameters) =>
        new(parameters.Required<string[]>("columns"), parameters.Required<bool>("drop"), parameters.Required<bool>("keepHidden"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new()
    {
        ["columns"] = new JsonArray([.. ColumnNames.Select(name => JsonValue.Create(name))]),
        ["drop"] = Drop,
        ["keepHidden"] = KeepHidden,
    };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var named = ColumnNames.Select(name => inputSchema[name]).ToArray();
        var candidates = inputSchema.Where(column => KeepHidden || !column.IsHidden).ToArray();
        var kept = Drop
            ? candidates.Where(column => !ColumnNames.Contains(column.Name))
            : named.SelectMany(column => candidates.Where(other => other.Name == column.Name));
        return kept.Select(column => OutputColumn.Copy(column.Name, column));
    }
}

/// <summary>Estimator of a <see cref="ColumnSelectingTransformer"/>.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IReadOnlyList<string> columnNames, bool drop, bool keepHidden)
        : base(new(columnNames, drop, keepHidden))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var named = Transformer.ColumnNames.Select(name => inputSchema.Require(name, ColumnSelectingTransformer.Kind)).ToArray();
        return new SchemaShape(Transformer.Drop ? inputSchema.Where(column => !Transformer.ColumnNames.Contains(column.Name)) : named);
    }
}
