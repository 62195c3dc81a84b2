using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

using MLNetCnn.Imaging;

namespace MLNetCnn;

/// <summary>How settings, runs, sweeps and studies are written as JSON.</summary>
public static partial class RecordJson
{
    /// <summary>camelCase names, enumerations as words, unknown members refused, NaN and infinities as words.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>What is wrong in a file, in a user's words: the place, the rule, without the names of .NET types.</summary>
    public static string Explain(JsonException exception)
    {
        if (UnknownField().Match(exception.Message) is { Success: true } unknown)
        {
            return $"'{unknown.Groups[1].Value}' is no field here: check its spelling, or leave it out";
        }

        return WrongValue().Match(exception.Message) is { Success: true } wrong
            ? $"{exception.Path}: give {Expected(wrong.Groups[1].Value, exception.Path)}"
            : exception.Message;
    }

    private static string Expected(string type, string? path) => Parameter(type, path) ?? type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.String" => "a text",
        _ when Find(type) is { IsEnum: true } words =>
            $"one of {string.Join(", ", Enum.GetNames(words).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ => "another kind of value (text, number, list or object)",
    };

    // A value for a constructor is reported under the type that is constructed.
    private static string? Parameter(string type, string? path) =>
        path is not null && Find(type)?.GetProperty(path[(path.LastIndexOf('.') + 1)..], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { } property
            ? Expected((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).FullName!, null)
            : null;

    private static Type? Find(string type) => typeof(RecordJson).Assembly.GetType(type) ?? typeof(MLImage).Assembly.GetType(type);

    [GeneratedRegex("^The JSON property '(.+)' could not be mapped")]
    private static partial Regex UnknownField();

    [GeneratedRegex(@"^The JSON value could not be converted to (?:System\.Nullable`1\[)?([\w.+]*\w)")]
    private static partial Regex WrongValue();
}
