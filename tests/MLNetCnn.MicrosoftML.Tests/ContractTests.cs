using System.Reflection;
using System.Runtime.CompilerServices;

using MLNetCnn.Evaluation;

namespace MLNetCnn.MicrosoftML.Tests;

/// <summary>
/// This library's pipelines against ML.NET's own: what goes under a name of ML.NET's takes what ML.NET's takes, so that code moves
/// from one to the other. ML.NET may take more, where it need not be given.
/// </summary>
public sealed class ContractTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    // Models are saved as this library's .zip, not as ML.NET's; a preview shows lists, not arrays.
    private static readonly string[] OwnMeaning = ["ICanSaveModel", "DataDebuggerPreview", "DataDebuggerPreview.RowInfo", "DataDebuggerPreview.ColumnInfo"];

    private static readonly Type[] Theirs =
    [
        .. new[] { typeof(Microsoft.ML.MLContext), typeof(Microsoft.ML.IDataView), typeof(Microsoft.ML.ITransformer), typeof(Microsoft.ML.ConversionsExtensionsCatalog) }
            .Select(type => type.Assembly).Distinct().SelectMany(assembly => assembly.GetExportedTypes()),
    ];

    private static readonly MethodInfo[] TheirExtensions =
        [.. Theirs.Where(type => type is { IsAbstract: true, IsSealed: true }).SelectMany(type => type.GetMethods(All)).Where(IsExtension)];

    public static TheoryData<string> Shared => [.. Own().Where(own => Find(own).Count > 0 && !OwnMeaning.Contains(Name(own))).Select(Name)];

    [Fact]
    public void The_contracts_are_those_of_ML_NET()
    {
        string[] expected = ["MLContext", "IDataView", "DataViewSchema", "DataViewRowCursor", "VBuffer", "IEstimator", "ITransformer", "EstimatorChain", "PredictionEngine", "MulticlassClassificationMetrics", "ConfusionMatrix"];
        Assert.Empty(expected.Except(Own().Where(own => Find(own).Count > 0).Select(Name)));
    }

    [Theory, MemberData(nameof(Shared))]
    public void Members_of_a_name_take_and_give_the_same(string name)
    {
        foreach (var own in Own().Where(own => Name(own) == name))
        {
            var theirs = Find(own);
            var methods = theirs.SelectMany(type => type.GetMethods(All)).Select(method => Parameters(method))
                .Concat(theirs.SelectMany(type => type.GetConstructors()).Select(constructor => Parameters(constructor)))
                .Concat(TheirExtensions.Where(method => theirs.Any(type => Accepts(method.GetParameters()[0].ParameterType, type))).Select(method => (method.Name, List: Parameters(method).List[1..])))
                .ToLookup(method => method.Name, method => method.List);
            foreach (var method in own.GetMethods(Declared).Where(method => !method.IsSpecialName).Concat<MethodBase>(own.GetConstructors()).Where(method => methods.Contains(method.Name)))
            {
                var parameters = Parameters(method).List;
                Assert.True(
                    methods[method.Name].Any(list => IsCallable(list, parameters)),
                    $"{name}.{method.Name}({string.Join(", ", parameters)}), but in ML.NET\n{string.Join('\n', methods[method.Name].Select(list => string.Join(", ", list)))}");
            }

            foreach (var property in own.GetProperties(Declared).Where(property => property.GetIndexParameters().Length == 0))
            {
                var type = theirs.Select(type => type.GetProperty(property.Name, All)?.PropertyType ?? type.GetField(property.Name, All)?.FieldType).FirstOrDefault(type => type is not null);
                Assert.True(type is null || Name(type) == Name(property.PropertyType), $"{name}.{property.Name} is {Name(property.PropertyType)}, in ML.NET {type}");
            }
        }
    }

    private static IEnumerable<Type> Own() => typeof(Pipelines.MLContext).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(Pipelines.MLContext).Namespace)
        .Concat([typeof(MulticlassClassificationMetrics), typeof(ConfusionMatrix)]);

    private static List<Type> Find(Type own) => [.. Theirs.Where(type => Name(type) == Name(own) && type.GetGenericArguments().Length == own.GetGenericArguments().Length)];

    private static bool IsExtension(MethodInfo method) => method.IsDefined(typeof(ExtensionAttribute), inherit: false);

    private static bool Accepts(Type parameter, Type type) => parameter.IsAssignableFrom(type) || Name(parameter) == Name(type);

    private static (string Name, Parameter[] List) Parameters(MethodBase method) =>
        (method.Name, [.. method.GetParameters().Select(parameter => new Parameter(Name(parameter.ParameterType), parameter.Name!, parameter.IsOptional, parameter.IsOptional ? $"{parameter.RawDefaultValue}" : ""))]);

    // What compiles with ours compiles with theirs: the same at the start, and nothing behind that must be given.
    private static bool IsCallable(Parameter[] theirs, Parameter[] own) => theirs.Length >= own.Length
        && own.Zip(theirs).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && (pair.Second.IsOptional || !pair.First.IsOptional) && (!pair.First.IsOptional || pair.First.Default == pair.Second.Default))
        && theirs.Skip(own.Length).All(parameter => parameter.IsOptional);

    private static string Name(Type type) => type switch
    {
        { IsGenericParameter: true } => type.Name,
        { HasElementType: true } => Name(type.GetElementType()!) + (type.IsByRef ? "&" : "[]"),
        { Name: "IHostEnvironment" } => "MLContext", // the only one that a program has
        { IsGenericType: true, IsGenericTypeDefinition: false } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        { DeclaringType: { } outer } => $"{Name(outer)}.{type.Name.Split('`')[0]}",
        _ => type.Name.Split('`')[0],
    };

    private sealed record Parameter(string Type, string Name, bool IsOptional, string Default)
    {
        public override string ToString() => $"{Type} {Name}{(IsOptional ? "?" : "")}";
    }
}
