using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLNetCnn.Architectures;

/// <summary>An architecture's settings by name, as JSON has them: <c>{ "dropout": 0.15, "activation": "relu" }</c>.</summary>
/// <remarks>Which names and values an architecture takes, <see cref="Architecture.Settings"/> says; they are checked when it is created.</remarks>
[JsonConverter(typeof(Converter))]
public sealed class ArchitectureSettings : IEnumerable<KeyValuePair<string, JsonNode?>>
{
    private readonly JsonObject _values;

    /// <summary>Settings with the members of <paramref name="values"/>, which are copied.</summary>
    /// <remarks>Through text: numbers that were set in C# would otherwise be of C#'s types, and 64 no double.</remarks>
    public ArchitectureSettings(JsonObject? values = null) => _values = (JsonObject)JsonNode.Parse(values?.ToJsonString() ?? "{}")!;

    /// <summary>No settings: every default.</summary>
    public static ArchitectureSettings Empty { get; } = new();

    /// <summary>A copy as JSON.</summary>
    public JsonObject ToJson() => (JsonObject)_values.DeepClone();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Converter : JsonConverter<ArchitectureSettings>
    {
        public override ArchitectureSettings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<JsonObject>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, ArchitectureSettings value, JsonSerializerOptions options) => value._values.WriteTo(writer, options);
    }
}
