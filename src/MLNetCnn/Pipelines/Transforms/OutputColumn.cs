namespace MLNetCnn.Pipelines;

/// <summary>A column that a <see cref="RowToRowTransformer"/> gives: one of the input passed on, or one that is computed.</summary>
public sealed class OutputColumn
{
    private OutputColumn(DataViewSchema.DetachedColumn column, IReadOnlyList<DataViewSchema.Column> dependencies, Func<MappingContext, Delegate>? getter)
    {
        Column = column;
        Dependencies = dependencies;
        Getter = getter;
    }

    /// <summary>Name, type and annotations.</summary>
    public DataViewSchema.DetachedColumn Column { get; }

    /// <summary>The input columns that it is computed from; of a column passed on, that column.</summary>
    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>Makes the getter for a row; null: the column is passed on.</summary>
    internal Func<MappingContext, Delegate>? Getter { get; }

    /// <summary>Every column of <paramref name="schema"/>, passed on.</summary>
    public static IEnumerable<OutputColumn> All(DataViewSchema schema) => schema.Select(column => Copy(column.Name, column));

    /// <summary><paramref name="source"/> with its values and annotations, under another name or its own.</summary>
    public static OutputColumn Copy(string name, DataViewSchema.Column source) =>
        new(new DataViewSchema.DetachedColumn(name, source.Type, source.Annotations), [source], null);

    /// <summary>A computed column.</summary>
    /// <param name="name">Its name; a column of that name before it becomes hidden.</param>
    /// <param name="type">Its type, whose raw type is <typeparamref name="T"/>.</param>
    /// <param name="dependencies">The input columns that the getter reads: only these are active.</param>
    /// <param name="getter">Makes the getter for one row or cursor; called only where the column is active.</param>
    /// <param name="annotations">Slot names, key values.</param>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the raw type of <paramref name="type"/>.</exception>
    public static OutputColumn Computed<T>(
        string name,
        DataViewType type,
        IReadOnlyList<DataViewSchema.Column> dependencies,
        Func<MappingContext, ValueGetter<T>> getter,
        DataViewSchema.Annotations? annotations = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.RawType == typeof(T)
            ? new(new DataViewSchema.DetachedColumn(name, type, annotations), dependencies, getter)
            : throw new ArgumentException($"column '{name}' of type {type} needs a getter of {ClrTypeName.Of(type.RawType)}, not of {ClrTypeName.Of(typeof(T))}", nameof(getter));
    }
}

/// <summary>Opens a cursor over the input of a mapped view: each call gives the same rows in the same order.</summary>
internal delegate DataViewRowCursor CursorFactory(IEnumerable<DataViewSchema.Column> columnsNeeded);

/// <summary>What the getters of one mapped row or cursor share: the input row, and what lives as long as it.</summary>
public sealed class MappingContext : IDisposable
{
    private readonly Dictionary<object, object> _shared = [];
    private readonly Stack<IDisposable> _owned = [];
    private readonly CursorFactory? _cursors;

    internal MappingContext(DataViewRow input, CursorFactory? cursors) => (Input, _cursors) = (input, cursors);

    /// <summary>The input row; the dependencies of the active columns are active in it.</summary>
    public DataViewRow Input { get; }

    /// <summary>
    /// Where a cursor is mapped, a second cursor over the same input rows in the same order, before the first of them, for computing
    /// several rows at a time; null where a single row is mapped. Disposed with the first.
    /// </summary>
    /// <param name="columns">The columns that are active in it.</param>
    public DataViewRowCursor? LookAhead(IEnumerable<DataViewSchema.Column> columns) => _cursors is null ? null : Own(_cursors(columns));

    /// <summary>Disposes <paramref name="resource"/> when the row is disposed, before the input.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    /// <summary>
    /// What several columns of the row compute from, made once (a network's output that gives score and label both, for example).
    /// </summary>
    /// <param name="key">Tells one shared thing from another.</param>
    /// <param name="create">Makes it at the first call.</param>
    public T Shared<T>(object key, Func<MappingContext, T> create)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(create);
        if (!_shared.TryGetValue(key, out var value))
        {
            _shared[key] = value = create(this);
        }

        return (T)value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_owned.TryPop(out var resource))
        {
            resource.Dispose();
        }

        Input.Dispose();
    }
}
