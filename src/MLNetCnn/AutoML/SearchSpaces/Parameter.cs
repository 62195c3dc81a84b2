using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;


namespace MLNetCnn.AutoML;

/// <summary>
/// One point of a <see cref="SearchSpace"/>: its active options by their dotted names, in the space's order. An option that the
/// point's choices leave inactive is absent.
/// </summary>
/// <remarks>Immutable. Two parameters are equal where they have the same names and values, in any order.</remarks>
public sealed class Parameter : IEnumerable<KeyValuePair<string, ParameterValue>>, IEquatable<Parameter>
{
    private readonly OrderedDictionary<string, ParameterValue> _values;
    private readonly string _key;

    /// <summary>Makes a parameter of names and values.</summary>
    /// <exception cref="ArgumentException">A name stands there twice.</exception>
    public Parameter(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        _values = new(values, StringComparer.Ordinal);
        _key = string.Join('\n', _values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    /// <summary>The parameter of an empty space.</summary>
    public static Parameter Empty { get; } = new([]);

    /// <summary>The value of an active option.</summary>
    /// <exception cref="KeyNotFoundException">There is no active option of that name.</exception>
    public ParameterValue this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"'{key}' is not among the active parameters: {string.Join(", ", Keys)}");

    /// <summary>The names of the active options.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>How many options are active.</summary>
    public int Count => _values.Count;

    /// <summary>Reads what <see cref="ToString"/> wrote: a flat JSON object of scalars.</summary>
    /// <exception cref="ArgumentException">It is no such object.</exception>
    public static Parameter Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new(document.RootElement.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, ParameterValue.From(field.Value))));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"{json} is no flat JSON object of parameters", nameof(json), error);
        }
    }

    /// <summary>As a flat JSON object: <c>{ "transfer.head.dropout": 0.2 }</c>.</summary>
    public JsonObject ToJson() => new(_values.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value.ToJson())));

    /// <summary>As JSON objects within objects, one per dot of a name: <c>{ "head": { "dropout": 0.2 } }</c>.</summary>
    public JsonObject ToNestedJson()
    {
        var root = new JsonObject();
        foreach (var (name, value) in _values)
        {
            var parts = name.Split('.');
            var target = root;
            foreach (var part in parts[..^1])
            {
                target = (JsonObject)(target[part] ??= new JsonObject());
            }

            target[parts[^1]] = value.ToJson();
        }

        return root;
    }

    /// <summary>As an object of code: its properties by their names in camelCase, dotted names as objects within.</summary>
    /// <exception cref="JsonException">A name or value does not fit the type.</exception>
    public T AsType<T>() => ToNestedJson().Deserialize<T>(RecordJson.Options)!;

    /// <summary>Whether an option is active.</summary>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <summary>The value of an option, where it is active.</summary>
    public bool TryGetValue(string key, out ParameterValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Parameter? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Parameter);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    /// <summary>The flat JSON object on one line, which <see cref="Parse"/> reads.</summary>
    public override string ToString() => ToJson().ToJsonString();
}
