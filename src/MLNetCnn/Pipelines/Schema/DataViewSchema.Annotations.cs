namespace MLNetCnn.Pipelines;

public sealed partial class DataViewSchema
{
    /// <summary>Named values attached to a column; computed when asked for.</summary>
    public sealed class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        /// <summary>The kinds of annotation there are, as columns.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of one annotation.</summary>
        /// <exception cref="InvalidOperationException"><typeparamref name="TValue"/> is not the annotation's raw type.</exception>
        public ValueGetter<TValue> GetGetter<TValue>(Column column) => DataViewRow.Typed<TValue>(column, _getters[column.Index]);

        /// <summary>Reads the annotation of <paramref name="kind"/> into <paramref name="value"/>.</summary>
        /// <exception cref="InvalidOperationException">There is none, or <typeparamref name="TValue"/> is not its raw type.</exception>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException(
                $"the column has no annotation '{kind}'{(Schema.Count == 0 ? " (it has none)" : $", only {this}")}");
            GetGetter<TValue>(column)(ref value);
        }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        /// <summary>Builds annotations kind by kind.</summary>
        public sealed class Builder
        {
            private readonly List<(DetachedColumn Column, Delegate Getter)> _items = [];

            /// <summary>Adds those of <paramref name="annotations"/> whose kind <paramref name="selector"/> accepts.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                ArgumentNullException.ThrowIfNull(annotations);
                ArgumentNullException.ThrowIfNull(selector);
                _items.AddRange(annotations.Schema.Where(column => selector(column.Name))
                    .Select(column => (new DetachedColumn(column), annotations._getters[column.Index])));
            }

            /// <summary>Adds an annotation with its getter.</summary>
            /// <exception cref="ArgumentException"><typeparamref name="TValue"/> is not the raw type of <paramref name="type"/>.</exception>
            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter)
            {
                ArgumentNullException.ThrowIfNull(type);
                ArgumentNullException.ThrowIfNull(getter);
                if (type.RawType != typeof(TValue))
                {
                    throw new ArgumentException($"annotation '{name}' of type {type} needs a getter of {type.RawType.Name}, not of {typeof(TValue).Name}", nameof(getter));
                }

                _items.Add((new DetachedColumn(name, type), getter));
            }

            /// <summary>Adds an annotation that is one value.</summary>
            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value) =>
                Add(name, type, (ref TValue destination) => destination = value);

            /// <summary>The annotations added so far.</summary>
            public Annotations ToAnnotations()
            {
                var builder = new DataViewSchema.Builder();
                builder.AddColumns(_items.Select(item => item.Column));
                return new Annotations(builder.ToSchema(), [.. _items.Select(item => item.Getter)]);
            }
        }
    }
}
