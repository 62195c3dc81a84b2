namespace MLNetCnn.AutoML;

/// <summary>One option of a space together with those nested in it: one coordinate of its unit cube.</summary>
/// <param name="Index">The coordinate, from 0; a choice comes before what it brings.</param>
/// <param name="Name">The dotted name. Dimensions under different choices may share one.</param>
/// <param name="Option">What it may be.</param>
/// <param name="Parent">The choice that brings it; null where it is always active.</param>
/// <param name="ParentChoice">The value of <paramref name="Parent"/> under which it is active.</param>
public sealed record SearchDimension(int Index, string Name, OptionBase Option, SearchDimension? Parent, ParameterValue ParentChoice)
{
    /// <summary>Whether it is active in a parameter of its space.</summary>
    public bool IsActive(Parameter parameter) =>
        Parent is null || (Parent.IsActive(parameter) && parameter.TryGetValue(Parent.Name, out var chosen) && chosen == ParentChoice);
}
