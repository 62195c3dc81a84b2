namespace MLNetCnn.Pipelines;

/// <summary>Mappers one after the other.</summary>
internal sealed class CompositeRowMapper(DataViewSchema inputSchema, IReadOnlyList<IRowToRowMapper> mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema OutputSchema { get; } = mappers.Count == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (needed, mapper) => mapper.GetDependencies(needed).ToArray());

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new Stack<IEnumerable<DataViewSchema.Column>>([activeColumns]);
        foreach (var mapper in mappers.Skip(1).Reverse())
        {
            active.Push([.. mapper.GetDependencies(active.Peek())]);
        }

        return mappers.Aggregate(input, (row, mapper) => mapper.GetRow(row, active.Pop()));
    }
}
