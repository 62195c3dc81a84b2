namespace MLNetCnn.Data;

/// <summary>What estimators of one column say of schemas they have not seen data of.</summary>
internal static class ColumnShapes
{
    /// <summary>The shape with a new column, in the place of one of the same name.</summary>
    /// <exception cref="InvalidOperationException">The input column is missing or unsuited.</exception>
    public static SchemaShape Replace(
        SchemaShape shape, string input, string output, DataViewType type, Func<SchemaShape.Column, bool> suits, string needed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var found = shape.Where(column => column.Name == input).ToArray();
        return found is [var column] && suits(column)
            ? new SchemaShape(shape.Where(column => column.Name != output).Append(SchemaShape.Column.Create(output, type)))
            : throw new InvalidOperationException(
                $"'{output}' is made from a column of {needed}, but '{input}' is {(found is [var other] ? other.ItemType : "missing")}; there are {string.Join(", ", shape.Select(column => $"'{column.Name}'"))}");
    }
}
