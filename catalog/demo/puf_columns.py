"""Column lists of the Exchange public use files, in the order of the federal files of recent years."""

_LIMIT_SCOPES = ("MEHB", "DEHB", "TEHB")
_LIMIT_TIERS = ("InnTier1", "InnTier2", "OutOfNet", "CombInnOon")
_LIMIT_PEOPLE = ("Individual", "FamilyPerPerson", "FamilyPerGroup")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MOOP = [f"{scope}{tier}{who}MOOP" for scope in _LIMIT_SCOPES for tier in _LIMIT_TIERS for who in _LIMIT_PEOPLE]
_DEDUCTIBLE = [
    f"{scope}Ded{tier}{part}"
    for scope in _LIMIT_SCOPES
    for tier in _LIMIT_TIERS
    for part in (*_LIMIT_PEOPLE, *(("Coinsurance",) if tier.startswith("Inn") else ()))
]
_SBC = [
    f"SBCHaving{example}{part}"
    for example in ("aBaby", "Diabetes", "SimpleFracture")
    for part in ("Deductible", "Copayment", "Coinsurance", "Limit")
]

PLAN_ATTRIBUTES = (
    *_names("""
    BusinessYear StateCode IssuerId IssuerMarketPlaceMarketingName SourceName ImportDate MarketCoverage
    DentalOnlyPlan StandardComponentId PlanMarketingName HIOSProductId NetworkId ServiceAreaId FormularyId IsNewPlan
    PlanType MetalLevel DesignType UniquePlanDesign QHPNonQHPTypeId IsNoticeRequiredForPregnancy
    IsReferralRequiredForSpecialist SpecialistRequiringReferral PlanLevelExclusions
    IndianPlanVariationEstimatedAdvancedPaymentAmountPerEnrollee CompositeRatingOffered ChildOnlyOffering
    ChildOnlyPlanId WellnessProgramOffered DiseaseManagementProgramsOffered EHBPercentTotalPremium
    EHBPediatricDentalApportionmentQuantity IsGuaranteedRate PlanEffectiveDate PlanExpirationDate
    OutOfCountryCoverage OutOfCountryCoverageDescription OutOfServiceAreaCoverage
    OutOfServiceAreaCoverageDescription NationalNetwork URLForEnrollmentPayment FormularyURL PlanId
    PlanVariantMarketingName CSRVariationType IssuerActuarialValue AVCalculatorOutputNumber
    MedicalDrugDeductiblesIntegrated MedicalDrugMaximumOutofPocketIntegrated MultipleInNetworkTiers
    FirstTierUtilization SecondTierUtilization
"""),
    *_SBC,
    *_names("""
    SpecialtyDrugMaximumCoinsurance InpatientCopaymentMaximumDays BeginPrimaryCareCostSharingAfterNumberOfVisits
    BeginPrimaryCareDeductibleCoinsuranceAfterNumberOfCopays
"""),
    *_MOOP,
    *_DEDUCTIBLE,
    *_names("""
    IsHSAEligible HSAOrHRAEmployerContribution HSAOrHRAEmployerContributionAmount URLForSummaryofBenefitsCoverage
    PlanBrochure
"""),
)
BENEFITS = _names("""
    BusinessYear StateCode IssuerId SourceName ImportDate StandardComponentId PlanId BenefitName CopayInnTier1
    CopayInnTier2 CopayOutofNet CoinsInnTier1 CoinsInnTier2 CoinsOutofNet IsEHB IsCovered QuantLimitOnSvc LimitQty
    LimitUnit Exclusions Explanation EHBVarReason IsExclFromInnMOOP IsExclFromOonMOOP
""")
RATES = _names("""
    BusinessYear StateCode IssuerId SourceName ImportDate RateEffectiveDate RateExpirationDate PlanId RatingAreaId
    Tobacco Age IndividualRate IndividualTobaccoRate Couple PrimarySubscriberAndOneDependent
    PrimarySubscriberAndTwoDependents PrimarySubscriberAndThreeOrMoreDependents CoupleAndOneDependent
    CoupleAndTwoDependents CoupleAndThreeOrMoreDependents
""")
SERVICE_AREAS = _names("""
    BusinessYear StateCode IssuerId SourceName ImportDate ServiceAreaId ServiceAreaName CoverEntireState County
    PartialCounty ZipCodes PartialCountyJustification MarketCoverage DentalOnlyPlan
""")
NETWORKS = _names("""
    BusinessYear StateCode IssuerId SourceName ImportDate NetworkName NetworkId NetworkURL MarketCoverage
    DentalOnlyPlan
""")
BUSINESS_RULES = _names("""
    BusinessYear StateCode IssuerId SourceName ImportDate TIN ProductId StandardComponentId
    EnrolleeContractRateDeterminationRule TwoParentFamilyMaxDependentsRule SingleParentFamilyMaxDependentsRule
    DependentMaximumAgRule ChildrenOnlyContractMaxChildrenRule DomesticPartnerAsSpouseIndicator
    SameSexPartnerAsSpouseIndicator AgeDeterminationRule MinimumTobaccoFreeMonthsRule CohabitationRule
    MarketCoverage DentalOnlyPlan
""")


def crosswalk(year: int) -> tuple[str, ...]:
    """Plan ID Crosswalk columns: the federal file writes the two plan years into the names."""
    old, new = year - 1, year
    return _names(f"""
        State DentalPlan PlanID_{old} IssuerID_{old} MultistatePlan_{old} MetalLevel_{old} ChildAdultOnly_{old}
        FIPSCode ZipCode CrosswalkLevel ReasonForCrosswalk PlanID_{new} IssuerID_{new} MultistatePlan_{new}
        MetalLevel_{new} ChildAdultOnly_{new} AgeOffPlanID_{new} IssuerID_AgeOff{new} MultistatePlan_AgeOff{new}
        MetalLevel_AgeOff{new} ChildAdultOnly_AgeOff{new}
    """)
