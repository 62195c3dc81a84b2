using System.Linq.Expressions;
using System.Reflection;
using MLNetCnn.Imaging;

namespace MLNetCnn.Inference;

/// <summary>The members of a user's types that hold the image and take the answer, with compiled access to them.</summary>
internal sealed class PredictionColumns<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private static readonly string[] ImageNames = ["Image", "ImageSource", "ImagePath"];
    private static readonly Type[] ImageTypes = [typeof(byte[]), typeof(string), typeof(MLImage), typeof(Stream)];

    private static readonly (string Name, Expression<Func<ImagePrediction, object>> Value, Type Type)[] Answers =
    [
        ("PredictedLabel", prediction => prediction.Label, typeof(string)),
        ("ModelVersion", prediction => prediction.ModelVersion, typeof(string)),
        ("Probability", prediction => prediction.Probability, typeof(float)),
        ("Score", prediction => prediction.CopyScore(), typeof(float[])),
        ("Scores", prediction => prediction.Scores, typeof(IReadOnlyDictionary<string, float>)),
    ];

    private readonly Func<TData, object> _read = ImageReader();

    /// <summary>Writes the answer's parts into the members that take them.</summary>
    public Action<TPrediction, ImagePrediction> Write { get; } = PredictionWriter();

    /// <summary>The image that <paramref name="example"/> holds, decoded where it is not yet.</summary>
    public MLImage ReadImage(TData example, int channels) => _read(example) switch
    {
        byte[] encoded => MLImage.Decode(encoded, channels),
        string imagePath => MLImage.CreateFromFile(imagePath, (MLPixelFormat)channels),
        MLImage image => image,
        Stream imageStream => MLImage.CreateFromStream(imageStream, (MLPixelFormat)channels),
        var other => throw new InvalidOperationException($"{other.GetType()} is no image"),
    };

    private static Func<TData, object> ImageReader()
    {
        const string Allowed = "a public property or field named Image, ImageSource or ImagePath, of type byte[] (an encoded image), string (a path), MLImage or Stream";
        var columns = Columns(typeof(TData), forWriting: false);
        var member = ImageNames.Select(columns.GetValueOrDefault).FirstOrDefault(found => found is not null)
            ?? throw new InvalidOperationException($"{typeof(TData).Name} has no image ({Found(columns)}): it needs {Allowed}.");
        if (!ImageTypes.Any(type => type.IsAssignableFrom(TypeOf(member))))
        {
            throw new InvalidOperationException($"{typeof(TData).Name}.{member.Name} is of type {TypeOf(member).Name}: the image is {Allowed}.");
        }

        var data = Expression.Parameter(typeof(TData));
        var read = Expression.Lambda<Func<TData, object?>>(Expression.MakeMemberAccess(data, member), data).Compile();
        return example => read(example)
            ?? throw new ArgumentException($"{typeof(TData).Name}.{member.Name} is null: it holds the image to predict.", nameof(example));
    }

    private static Action<TPrediction, ImagePrediction> PredictionWriter()
    {
        const string Allowed = "PredictedLabel (string), ModelVersion (string), Probability (float), Score (float[]) and Scores (IReadOnlyDictionary<string, float>)";
        var columns = Columns(typeof(TPrediction), forWriting: true);
        var known = Answers.Where(answer => columns.ContainsKey(answer.Name)).ToList();
        if (known.Count == 0)
        {
            throw new InvalidOperationException($"{typeof(TPrediction).Name} takes no answer ({Found(columns)}): it needs settable public properties or fields among {Allowed}.");
        }

        var wrong = known.Where(answer => !TypeOf(columns[answer.Name]).IsAssignableFrom(answer.Type)).ToList();
        if (wrong.Count > 0)
        {
            var members = wrong.Select(answer => $"{columns[answer.Name].Name} is of type {TypeOf(columns[answer.Name]).Name}");
            throw new InvalidOperationException($"{typeof(TPrediction).Name}: {string.Join(", ", members)}: the answers are {Allowed}.");
        }

        var target = Expression.Parameter(typeof(TPrediction));
        var prediction = Expression.Parameter(typeof(ImagePrediction));
        var assignments = known.Select(answer => Expression.Assign(
            Expression.MakeMemberAccess(target, columns[answer.Name]),
            Expression.Convert(Expression.Invoke(answer.Value, prediction), TypeOf(columns[answer.Name]))));
        return Expression.Lambda<Action<TPrediction, ImagePrediction>>(Expression.Block(assignments), target, prediction).Compile();
    }

    private static Dictionary<string, MemberInfo> Columns(Type type, bool forWriting)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => (forWriting ? property.SetMethod : property.GetMethod)?.IsPublic == true);
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(field => !(forWriting && field.IsInitOnly));
        var columns = new Dictionary<string, MemberInfo>(StringComparer.Ordinal);
        foreach (var member in properties.Concat<MemberInfo>(fields))
        {
            columns.TryAdd(ColumnName(member), member);
        }

        return columns;
    }

    // By the attribute's name: it belongs to the pipelines' assembly (or to ML.NET's), which a service need not have.
    private static string ColumnName(MemberInfo member)
    {
        var attribute = member.GetCustomAttributes().FirstOrDefault(attribute => attribute.GetType().Name == "ColumnNameAttribute");
        return attribute?.GetType().GetProperty("Name")?.GetValue(attribute) as string ?? member.Name;
    }

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static string Found(Dictionary<string, MemberInfo> columns) =>
        columns.Count == 0 ? "it has no such public member at all" : $"found: {string.Join(", ", columns.Keys)}";
}
