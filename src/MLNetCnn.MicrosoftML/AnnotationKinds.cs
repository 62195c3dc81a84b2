using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetCnn.MicrosoftML;

/// <summary>The annotations that ML.NET's evaluators and converters look for; its own constants are internal.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = Pipelines.AnnotationUtils.Kinds.SlotNames;
    public const string KeyValues = Pipelines.AnnotationUtils.Kinds.KeyValues;

    /// <summary>Annotations of <paramref name="kind"/> that hold <paramref name="names"/>.</summary>
    public static DataViewSchema.Annotations Names(string kind, IReadOnlyList<string> names)
    {
        var values = new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names.Select(name => name.AsMemory())]);
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }
}
