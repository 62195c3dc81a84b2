using System.Collections;

namespace MLNetCnn.Pipelines;

/// <summary>What is known of a schema before the data is seen: names and kinds of columns, but neither sizes nor counts.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] _columns;

    /// <summary>Creates a shape of the given columns.</summary>
    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
    }

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at <paramref name="index"/>.</summary>
    public Column this[int index] => _columns[index];

    /// <summary>The shape of <paramref name="schema"/>, hidden columns left out.</summary>
    public static SchemaShape Create(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new SchemaShape(schema.Where(column => !column.IsHidden).Select(column =>
            Column.Create(column.Name, column.Type, column.Annotations.Schema.Count == 0 ? null : Create(column.Annotations.Schema))));
    }

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The column called <paramref name="name"/>, needed by <paramref name="step"/>.</summary>
    internal Column Require(string name, string step)
    {
        var index = Array.FindIndex(_columns, column => column.Name == name);
        return index >= 0 ? _columns[index] : throw new InvalidOperationException(
            $"{step} needs a column '{name}'; the columns before it are {string.Join(", ", _columns.Select(column => $"'{column.Name}'"))}");
    }

    /// <summary>The shape with <paramref name="column"/> added, in the place of one of the same name.</summary>
    internal SchemaShape With(Column column) => new(_columns.Where(old => old.Name != column.Name).Append(column));

    /// <summary>One column of a shape.</summary>
    public readonly struct Column
    {
        /// <summary>Creates a column.</summary>
        public Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(itemType);
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? new SchemaShape([]);
        }

        /// <summary>Whether values are single, vectors of one size, or vectors of varying size.</summary>
        public enum VectorKind
        {
            /// <summary>Single values.</summary>
            Scalar,

            /// <summary>Vectors of one size.</summary>
            Vector,

            /// <summary>Vectors of varying size.</summary>
            VariableVector,
        }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>Single or vector.</summary>
        public VectorKind Kind { get; }

        /// <summary>The type of a value or of a vector's items; of a key, the number that carries it.</summary>
        public DataViewType ItemType { get; }

        /// <summary>Whether values are keys.</summary>
        public bool IsKey { get; }

        /// <summary>The shape of the annotations.</summary>
        public SchemaShape Annotations { get; }

        /// <summary>The shape of a column of <paramref name="type"/>.</summary>
        public static Column Create(string name, DataViewType type, SchemaShape? annotations = null)
        {
            var vector = type as VectorDataViewType;
            var item = vector?.ItemType ?? type;
            var kind = vector is null ? VectorKind.Scalar : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
            return item is KeyDataViewType
                ? new Column(name, kind, PrimitiveDataViewType.FromClrType(item.RawType)!, isKey: true, annotations)
                : new Column(name, kind, item, isKey: false, annotations);
        }
    }
}
