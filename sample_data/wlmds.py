"""The columns of a trust's weekly files, in the order of the Waiting List Minimum Data Set.

Columns that are derived centrally are left out: a trust's own file does not have them. PATIENT_NAME is no part of
the data set; trusts' own lists carry it, and here it proves that it is dropped.
"""

_HEAD = ("DATE_AND_TIME_DATA_SET_CREATED", "Week_Ending_Date")
_PATHWAY = (
    "Referral_Identifier", "PATIENT_PATHWAY_IDENTIFIER", "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER",
)
_CONTACTS = (
    "Outpatient_Future_Appointment_Date", "Due_Date", "Outpatient_Appointment_Date", "Date_Last_Attended",
    "Last_DNA_Date", "Cancellation_Date", "OUTCOME_OF_ATTENDANCE_CODE", "Local_Outcome_Of_Attendance", "TCI_Date",
    "REFERRAL_TO_TREATMENT_PERIOD_STATUS", "Local_RTT_Status_Code", "DECISION_TO_ADMIT_DATE",
)
_PLACE = (
    "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER", "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT", "MAIN_SPECIALTY_CODE",
    "ACTIVITY_TREATMENT_FUNCTION_CODE", "CONSULTANT_CODE", "REFERRAL_TO_TREATMENT_PERIOD_START_DATE",
)
_PAYER = (
    "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER", "ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL",
    "PRIORITY_TYPE_CODE", "REFERRAL_TO_TREATMENT_PERIOD_END_DATE", "Procedure_Priority_Code",
)
_VALIDATION = (
    "Last_PAS_Validation_Performed_By", "Last_PAS_Validation_Date", "Last_PAS_Validation_Comments",
    "Inclusion_On_Cancer_PTL",
)
_REFERRER = (
    "ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE", "ORGANISATION_IDENTIFIER_REFERRING_ORGANISATION",
    "UNIQUE_BOOKING_REFERENCE_NUMBER",
)

OPEN_PATHWAYS = (
    *_HEAD, "Waiting_List_Type", "NHS_NUMBER", "PATIENT_NAME", "LOCAL_PATIENT_IDENTIFIER", "PERSON_BIRTH_DATE",
    "PERSON_STATED_GENDER_CODE", "ETHNIC_CATEGORY", "REFERRAL_REQUEST_RECEIVED_DATE", *_PATHWAY, "SOURCE_OF_REFERRAL",
    *_PLACE, "Current_Pathway_Period_Start_Date", *_CONTACTS, "Proposed_Procedure_OPCS_Code", *_PAYER,
    "Diagnostic_Priority_Code", "Outpatient_Priority_Code", "Date_Of_Last_Priority_Review", *_VALIDATION,
    "INTENDED_MANAGEMENT_CODE", "Capacity_Status", "Requires_Alternative_Capacity",
    "ASA_PHYSICAL_STATUS_CLASSIFICATION_SYSTEM_CODE", "Outcome_Of_Patient_Contact", "Transfer_Status",
    "Mutual_Aid_Accepting_Provider", "FIRST_ACTIVITY_DATE", "FIRST_ACTIVITY_TYPE", "DECISION_TO_TREAT_DATE",
    "TCI_Date_Provided", "Preliminary_Screening_And_Risk_Assessment_Date",
    "Action_Following_Preliminary_Screening_And_Risk_Assessment", *_REFERRER,
)
CLOCK_STOPS = (
    *_HEAD, "Waiting_List_Type", "NHS_NUMBER", "PATIENT_NAME", "LOCAL_PATIENT_IDENTIFIER",
    "PERSON_STATED_GENDER_CODE", "ETHNIC_CATEGORY", "REFERRAL_REQUEST_RECEIVED_DATE", *_PATHWAY,
    "Source_Of_Referral_For_OutPatients", *_PLACE, *_CONTACTS, "OPCS_Code", *_PAYER, "Date_Of_Last_Priority_Review",
    "Diagnostic_Priority_Code", "Outpatient_Priority_Code", *_VALIDATION, "Completed_Type", "FIRST_ACTIVITY_DATE",
    "FIRST_ACTIVITY_TYPE", "DECISION_TO_TREAT_DATE", "TCI_Date_Provided", *_REFERRER,
)
CLOCK_STARTS = (
    *_HEAD, *_PATHWAY[1:], "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER",
    "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER", "ACTIVITY_TREATMENT_FUNCTION_CODE", "NHS_NUMBER", "PATIENT_NAME",
    "LOCAL_PATIENT_IDENTIFIER", "PRIORITY_TYPE_CODE", "SOURCE_OF_REFERRAL", "PERSON_STATED_GENDER_CODE",
    "ETHNIC_CATEGORY", "REFERRAL_TO_TREATMENT_PERIOD_STATUS", "UNIQUE_BOOKING_REFERENCE_NUMBER",
)
