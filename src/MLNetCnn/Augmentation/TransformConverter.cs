using System.Text.Json;
using System.Text.Json.Serialization;


namespace MLNetCnn.Augmentation;

/// <summary>Reads a transform by its <c>kind</c>, strictly.</summary>
internal sealed class TransformConverter : JsonConverter<Transform>
{
    private static readonly Dictionary<string, Type> Kinds = typeof(Transform).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Transform)) && !type.IsAbstract)
        .ToDictionary(type => JsonNamingPolicy.CamelCase.ConvertName(type.Name), StringComparer.Ordinal);

    public override Transform Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            throw new JsonException($"a transform without a kind: give an object such as {{ \"kind\": \"randomHorizontalFlip\" }}, of the kinds {Names}");
        }

        if (!Kinds.TryGetValue(kind.GetString()!, out var type))
        {
            throw new JsonException($"'{kind.GetString()}' is no transform: choose from {Names}");
        }

        try
        {
            return (Transform)json.Deserialize(type, options)!;
        }
        catch (JsonException exception)
        {
            throw new JsonException($"{kind.GetString()}: {RecordJson.Explain(exception)}", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Transform value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, value.GetType(), options);

    private static string Names => string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal));
}
