using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetCnn.Runs;

/// <summary>How runs and studies are written as JSON.</summary>
public static class RunJson
{
    /// <summary>camelCase names, enumerations as words, unknown members refused, NaN and infinities as words.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
