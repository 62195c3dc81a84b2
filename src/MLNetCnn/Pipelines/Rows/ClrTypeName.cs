namespace MLNetCnn.Pipelines;

/// <summary>A type's name as one writes it in C#, for messages.</summary>
internal static class ClrTypeName
{
    public static string Of(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
        : type.Name;
}
