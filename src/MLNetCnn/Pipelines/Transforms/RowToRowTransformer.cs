namespace MLNetCnn.Pipelines;

/// <summary>A transformer that gives one row for one row: a subclass says which columns, and laziness follows.</summary>
public abstract class RowToRowTransformer : ITransformer
{
    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => CreateMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public virtual IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, CreateMapper(input.Schema));
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => CreateMapper(inputSchema);

    /// <summary>
    /// All columns of the output, in order: usually <see cref="OutputColumn.All"/> of the input, then the new ones. Throws where
    /// the input lacks a column or has it in an unsuited type.
    /// </summary>
    protected abstract IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema);

    private RowMapper CreateMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapper(inputSchema, [.. MapColumns(inputSchema)]);
    }
}

/// <summary>An estimator that learns nothing: its transformer exists before the data is seen.</summary>
/// <param name="transformer">The transformer that <see cref="Fit"/> returns.</param>
public abstract class TrivialEstimator<TTransformer>(TTransformer transformer) : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    /// <summary>The transformer that <see cref="Fit"/> returns.</summary>
    protected TTransformer Transformer { get; } = transformer;

    /// <summary>Checks that the transformer suits the schema of <paramref name="input"/> and returns it; no row is read.</summary>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Transformer.GetOutputSchema(input.Schema);
        return Transformer;
    }

    /// <inheritdoc/>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
