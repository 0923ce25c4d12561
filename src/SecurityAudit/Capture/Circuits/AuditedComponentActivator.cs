using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.Circuits;

/// <summary>
/// Makes components as the application's own activator does, or the framework does without one, and notes those that show a route's page.
/// </summary>
internal sealed class AuditedComponentActivator(IServiceProvider services, CircuitState state, HookFailures failures, IComponentActivator? inner) : IComponentActivator
{
    private static readonly ConditionalWeakTable<Type, ObjectFactory> Factories = [];

    public IComponent CreateInstance([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type componentType)
    {
        var component = inner is not null ? inner.CreateInstance(componentType) : Construct(componentType);
        try
        {
            if (component is RouteView view)
            {
                state.Add(view);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return component;
    }

    private IComponent Construct([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type componentType)
    {
        if (!typeof(IComponent).IsAssignableFrom(componentType))
        {
            throw new ArgumentException($"The type {componentType.FullName} does not implement {nameof(IComponent)}.", nameof(componentType));
        }

        if (!Factories.TryGetValue(componentType, out var factory))
        {
            Factories.AddOrUpdate(componentType, factory = ActivatorUtilities.CreateFactory(componentType, Type.EmptyTypes));
        }

        return (IComponent)factory(services, []);
    }
}
