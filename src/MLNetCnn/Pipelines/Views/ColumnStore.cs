namespace MLNetCnn.Pipelines;

/// <summary>Copies of one column's values, by slot.</summary>
internal abstract class ColumnStore
{
    /// <summary>A store for values of <paramref name="column"/>.</summary>
    /// <exception cref="InvalidOperationException">Such values cannot be copied, because each has an owner that disposes it.</exception>
    public static ColumnStore Create(DataViewSchema.Column column) => typeof(IDisposable).IsAssignableFrom(column.Type.RawType)
        ? throw new InvalidOperationException(
            $"column '{column.Name}' is {column.Type}, which is not kept in memory: cache or shuffle before the step that makes it")
        : column.Type is VectorDataViewType vector
            ? (ColumnStore)Activator.CreateInstance(typeof(VectorStore<>).MakeGenericType(vector.ItemType.RawType))!
            : (ColumnStore)Activator.CreateInstance(typeof(ValueStore<>).MakeGenericType(column.Type.RawType))!;

    /// <summary>What copies the row's current value into a slot: the next one, or one that is there already.</summary>
    public abstract Action<int> Writer(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A getter of the value in the slot that <paramref name="slot"/> gives.</summary>
    public abstract Delegate Getter(Func<int> slot);

    private class ValueStore<T> : ColumnStore
    {
        protected List<T> Values { get; } = [];

        public sealed override Action<int> Writer(DataViewRow row, DataViewSchema.Column column)
        {
            var getter = row.GetGetter<T>(column);
            return slot =>
            {
                var value = slot < Values.Count ? Values[slot] : default!;
                getter(ref value);
                if (slot < Values.Count)
                {
                    Values[slot] = value;
                }
                else
                {
                    Values.Add(value);
                }
            };
        }

        public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = Values[slot()]);
    }

    private sealed class VectorStore<T> : ValueStore<VBuffer<T>>
    {
        public override Delegate Getter(Func<int> slot) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => Values[slot()].CopyTo(ref value));
    }
}
