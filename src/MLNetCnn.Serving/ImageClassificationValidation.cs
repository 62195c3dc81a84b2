using System.Text.RegularExpressions;

using Microsoft.Extensions.Options;

namespace MLNetCnn.Serving;

/// <summary>Every rule that the options break, said when the application starts.</summary>
internal sealed partial class ImageClassificationValidation : IValidateOptions<ImageClassificationOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageClassificationOptions options)
    {
        var names = options.Models.Names.Where(model => !ModelName().IsMatch(model))
            .Select(model => $"a model is called '{model}': letters, digits, '-', '_' and '.' are allowed, at most 100 of them, a letter or digit first");
        var problems = options.Problems().Concat(options.Models.Problems()).Concat(names).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex ModelName();
}
