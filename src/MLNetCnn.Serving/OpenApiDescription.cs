using System.Reflection;
using System.Text.Json.Serialization.Metadata;

using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

using MLNetCnn.Inference;

namespace MLNetCnn.Serving;

/// <summary>What the OpenAPI document says beyond what can be seen in the endpoints: the forms of a request, and its refusals.</summary>
internal static class OpenApiDescription
{
    private const string PredictOperation = "Predict";
    private const string KeyScheme = "ApiKey";

    private static readonly string?[] KeyedOperations = ["ListModels", "GetModel", PredictOperation];

    private static readonly (string Status, string Meaning)[] Refusals =
    [
        ("400", "The request is malformed or holds no image."),
        ("401", "The service asks for a key."),
        ("404", "There is no such model."),
        ("408", "The body was not there in time."),
        ("413", "The body is too large, or holds too many images."),
        ("415", "The Content-Type is none of those above."),
        ("422", "No image could be read, or has too many pixels."),
        ("429", "The service is busy: come back after Retry-After."),
        ("503", "The model is being loaded, or the answer was not there in time: come back after Retry-After."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Image classification", Version = Version, Description = "Send a picture, get its class." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Api-Key",
                Description = "Needed where the service was started with a key.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (operation.OperationId == PredictOperation)
            {
                Describe(operation);
            }

            if (KeyedOperations.Contains(operation.OperationId))
            {
                var key = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] };
                var needed = context.ApplicationServices.GetRequiredService<IOptions<ImageClassificationOptions>>().Value.ApiKey is not null;
                operation.Security = needed ? [key] : [new OpenApiSecurityRequirement(), key];
                Add(operation, Refusals.Single(refusal => refusal.Status == "401"));
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (IsOurs(context.JsonPropertyInfo?.DeclaringType ?? context.JsonTypeInfo.Type))
            {
                AsWritten(schema, context.JsonTypeInfo);
            }

            return Task.CompletedTask;
        });
    }

    private static bool IsOurs(Type type) => type.Assembly == typeof(OpenApiDescription).Assembly || type.Assembly == typeof(LabelProbability).Assembly;

    // The document is made by the application's JSON settings; AnswerJson leaves out what is not known, and writes numbers as numbers.
    private static void AsWritten(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.IsGetNullable))
        {
            schema.Required?.Remove(property.Name);
        }

        if (schema.Type is { } forms && (forms & (JsonSchemaType.Number | JsonSchemaType.Integer)) != 0)
        {
            schema.Type = forms & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
    }

    private static string Version => typeof(OpenApiDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static void Describe(OpenApiOperation operation)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var base64 = new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "JPEG, PNG, WebP, GIF (its first frame), BMP, TIFF or PNM, of any height and width.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["image/*"] = new() { Schema = file },
                ["application/octet-stream"] = new() { Schema = file },
                ["multipart/form-data"] = new()
                {
                    Schema = Object("file", new OpenApiSchema { Type = JsonSchemaType.Array, Items = file }),
                },
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        OneOf = [Object("image", base64), Object("images", new OpenApiSchema { Type = JsonSchemaType.Array, Items = base64 })],
                    },
                },
            },
        };
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == "top"))
        {
            parameter.Description = "How many classes to name.";
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Default = 5 };
        }

        foreach (var refusal in Refusals)
        {
            Add(operation, refusal);
        }
    }

    private static void Add(OpenApiOperation operation, (string Status, string Meaning) refusal)
    {
        operation.Responses ??= [];
        operation.Responses[refusal.Status] = new OpenApiResponse
        {
            Description = refusal.Meaning,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() },
        };
    }

    private static OpenApiSchema Object(string member, OpenApiSchema value) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { [member] = value },
        Required = new HashSet<string> { member },
    };
}
