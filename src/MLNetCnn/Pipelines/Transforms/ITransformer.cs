namespace MLNetCnn.Pipelines;

/// <summary>Turns a view into another one, lazily.</summary>
public interface ITransformer
{
    /// <summary>Whether every output row comes from one input row alone, so that single rows can be transformed.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The schema that <see cref="Transform"/> gives for data of <paramref name="inputSchema"/>.</summary>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The transformed view; nothing is computed until its rows are read.</summary>
    IDataView Transform(IDataView input);

    /// <summary>What transforms single rows of <paramref name="inputSchema"/>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsRowToRowMapper"/> is false.</exception>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Reads as much of <paramref name="input"/> as it needs and returns what it learned.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>The shape of what its transformer will give for data of <paramref name="inputSchema"/>; throws where a column is missing or unsuited.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}

/// <summary>Maps rows of one schema to rows of another.</summary>
public interface IRowToRowMapper
{
    /// <summary>The schema of the rows taken.</summary>
    DataViewSchema InputSchema { get; }

    /// <summary>The schema of the rows given.</summary>
    DataViewSchema OutputSchema { get; }

    /// <summary>The input columns that <paramref name="dependingColumns"/> of the output are computed from.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

    /// <summary>The row that follows <paramref name="input"/>: it changes as that does, and disposes it.</summary>
    DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
}

/// <summary>When a step of a chain takes part.</summary>
[Flags]
public enum TransformerScope
{
    /// <summary>Never.</summary>
    None = 0,

    /// <summary>While the chain is fitted.</summary>
    Training = 1,

    /// <summary>While a fitted chain is evaluated.</summary>
    Testing = 2,

    /// <summary>While a fitted chain predicts.</summary>
    Scoring = 4,

    /// <summary>Training and testing.</summary>
    TrainTest = Training | Testing,

    /// <summary>Always.</summary>
    Everything = Training | Testing | Scoring,
}
