using System.Globalization;

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetCnn.MicrosoftML.Views;

/// <summary>The columns of a view of ML.NET's that image classification reads, and what they are in this library's pipelines.</summary>
internal sealed class ImageColumns
{
    /// <param name="schema">ML.NET's schema.</param>
    /// <param name="image">The name of the column of encoded images.</param>
    /// <param name="label">The name of the key column of labels; null where none is read.</param>
    /// <exception cref="InvalidOperationException">A column is missing or unsuited.</exception>
    public ImageColumns(DataViewSchema schema, string image, string? label = null)
    {
        Image = Find(schema, image);
        if (Image.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var item } } || item != typeof(byte))
        {
            throw new InvalidOperationException(
                $"image classification needs encoded images, but column '{image}' is {Image.Type}: load them with LoadRawImageBytes before");
        }

        var builder = new Pipelines.DataViewSchema.Builder();
        builder.AddColumn(image, new Pipelines.VectorDataViewType(Pipelines.NumberDataViewType.Byte));
        if (label is not null)
        {
            Label = Find(schema, label);
            var names = Names(Label.Value);
            builder.AddColumn(label, new Pipelines.KeyDataViewType(typeof(ulong), names.Length), Pipelines.AnnotationUtils.KeyValues(names));
        }

        Schema = builder.ToSchema();
    }

    public DataViewSchema.Column Image { get; }

    public DataViewSchema.Column? Label { get; }

    /// <summary>The image, and the label where there is one, in this order.</summary>
    public Pipelines.DataViewSchema Schema { get; }

    /// <summary>The columns of ML.NET's that <paramref name="columns"/> of <see cref="Schema"/> are read from.</summary>
    public IEnumerable<DataViewSchema.Column> Sources(IEnumerable<Pipelines.DataViewSchema.Column> columns) =>
        columns.Select(column => column.Index == 0 ? Image : Label!.Value);

    private static DataViewSchema.Column Find(DataViewSchema schema, string name) => schema.GetColumnOrNull(name) ?? throw new InvalidOperationException(
        $"image classification needs a column '{name}'; the columns are {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}");

    private static string[] Names(DataViewSchema.Column label)
    {
        var values = label.Type is KeyDataViewType ? label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type as VectorDataViewType : null;
        return values?.ItemType.RawType is not { } type
            ? throw new InvalidOperationException($"the label column '{label.Name}' is {label.Type}, not a key with its values: map it with MapValueToKey before")
            : type == typeof(ReadOnlyMemory<char>) ? Names<ReadOnlyMemory<char>>(label)
            : type == typeof(bool) ? Names<bool>(label)
            : type == typeof(float) ? Names<float>(label)
            : type == typeof(double) ? Names<double>(label)
            : type == typeof(int) ? Names<int>(label)
            : type == typeof(uint) ? Names<uint>(label)
            : type == typeof(long) ? Names<long>(label)
            : type == typeof(ulong) ? Names<ulong>(label)
            : type == typeof(byte) ? Names<byte>(label)
            : throw new InvalidOperationException($"the values of the label column '{label.Name}' are {values.ItemType}: map them to text with ConvertType before MapValueToKey");
    }

    private static string[] Names<T>(DataViewSchema.Column label)
    {
        var values = default(VBuffer<T>);
        label.Annotations.GetValue(AnnotationKinds.KeyValues, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value is ReadOnlyMemory<char> text ? text.ToString() : value, CultureInfo.InvariantCulture)!)];
    }
}
