using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>
/// Schemas in JSON: visible columns with their types, slot names and text key values; other annotations are not kept. A type that
/// is not of this library's own is written as <see cref="ICanSaveModel"/>.
/// </summary>
public static class DataViewSchemaJson
{
    private static readonly string[] KeptAnnotations = [AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.KeyValues];

    /// <summary>The schema as a list of columns.</summary>
    public static JsonArray ToJson(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new JsonArray([.. schema.Where(column => !column.IsHidden).Select(column =>
        {
            var json = new JsonObject { ["name"] = column.Name, ["type"] = Save(column.Type) };
            foreach (var kind in KeptAnnotations)
            {
                if (AnnotationUtils.Texts(column, kind) is { } texts)
                {
                    json[kind] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);
                }
            }

            return (JsonNode)json;
        })]);
    }

    /// <summary>The schema that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A column is malformed, or of a type that is not known here.</exception>
    public static DataViewSchema FromJson(JsonArray columns, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var builder = new DataViewSchema.Builder();
        foreach (var node in columns)
        {
            var json = node as JsonObject ?? throw new InvalidDataException($"a column of the saved schema is {node?.ToJsonString() ?? "null"}, not an object");
            var annotations = new DataViewSchema.Annotations.Builder();
            foreach (var kind in KeptAnnotations.Where(json.ContainsKey))
            {
                annotations.Add(AnnotationUtils.Names(kind, json.Required<string[]>(kind)), _ => true);
            }

            builder.AddColumn(json.Required<string>("name"), Load(json.Required<JsonObject>("type"), catalog), annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }

    private static JsonObject Save(DataViewType type) => type switch
    {
        VectorDataViewType vector => new()
        {
            ["vector"] = Save(vector.ItemType),
            ["dimensions"] = new JsonArray([.. vector.Dimensions.Select(dimension => JsonValue.Create(dimension))]),
        },
        KeyDataViewType key => new() { ["key"] = key.RawType.Name, ["count"] = key.Count },
        TextDataViewType or BooleanDataViewType or NumberDataViewType => new() { ["primitive"] = type.ToString() },
        _ => ComponentCatalog.Save(type),
    };

    private static DataViewType Load(JsonObject json, ComponentCatalog catalog)
    {
        if (json.ContainsKey("vector"))
        {
            return Load(json.Required<JsonObject>("vector"), catalog) is PrimitiveDataViewType item
                ? new VectorDataViewType(item, json.Required<int[]>("dimensions"))
                : throw new InvalidDataException("the saved schema has a vector of what is not primitive");
        }

        return json.ContainsKey("key") ? new KeyDataViewType(PrimitiveDataViewType.FromName(json.Required<string>("key")).RawType, json.Required<ulong>("count"))
            : json.ContainsKey("primitive") ? PrimitiveDataViewType.FromName(json.Required<string>("primitive"))
            : catalog.Load<DataViewType>(json);
    }
}
